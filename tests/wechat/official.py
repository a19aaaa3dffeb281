"""What Tencent publishes: the values and samples of `vectors/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent / "vectors"


def published(name: str) -> dict[str, Any]:
    """A file of vectors."""
    loaded: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


CRYPTO, PUSHES, REPLIES = published("crypto"), published("pushes"), published("replies")
CIPHERTEXTS = {vector["id"]: vector for vector in CRYPTO["ciphertexts"]}
COMPATIBLE = CIPHERTEXTS["dec-demo-py-compat-mode"]
"""A push in compatible mode: encrypted, with the same in plain fields beside it."""
SAMPLE = PUSHES["pushes"][0]["xml"]
"""A text message."""
