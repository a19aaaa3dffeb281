"""Signatures of pushes: SHA-1 over the sorted parts, in lower-case hex.

Sources: https://developers.weixin.qq.com/doc/service/guide/dev/push/ (signature) and …/push/encryption (msg_signature).
The plain signature does not cover the body: whoever saw one may put it above any other body.
"""

from __future__ import annotations

import hashlib
import hmac


def sign(token: str, timestamp: str, nonce: str, encrypted: str | None = None) -> str:
    """The plain `signature`; over the ciphertext too where there is one, which makes it the `msg_signature`."""
    parts = [token, timestamp, nonce] if encrypted is None else [token, timestamp, nonce, encrypted]
    return hashlib.sha1(b"".join(sorted(map(_bytes, parts)))).hexdigest()


def matches(claimed: str, token: str, timestamp: str, nonce: str, encrypted: str | None = None) -> bool:
    """Whether the claimed signature is right; takes the same time however much of it is."""
    return hmac.compare_digest(_bytes(claimed), _bytes(sign(token, timestamp, nonce, encrypted)))


def _bytes(part: str) -> bytes:
    return part.encode("utf-8", "surrogatepass")
