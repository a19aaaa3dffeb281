"""The cipher of WeChat's safe mode; the same for WeCom and 微信客服, where only the receiver's id is another one.

AES-256-CBC, the key's first half as IV, PKCS#7 with blocks of 32 bytes, over: 16 random bytes, the length of the
message in 4 bytes (big-endian), the message in UTF-8, the receiver's id.
Source: https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.errors import BadInput, NotAllowed, SettingsError

KEY_LENGTH = 43
KEY = re.compile(r"[A-Za-z0-9+/]{43}")
BLOCK = 32
AES_BLOCK = 16
SALT = 16
HEAD = SALT + 4
"""Bytes before the message: salt and length."""


class MessageCipher:
    """Encrypts and decrypts for one receiver: an official account's appid, a CorpID, or empty where none is named."""

    def __init__(self, aes_key: str, receiver_id: str) -> None:
        """`aes_key`: the EncodingAESKey as WeChat shows it. Raises SettingsError unless it has 43 characters."""
        if not KEY.fullmatch(aes_key):
            raise SettingsError(f"EncodingAESKey: {KEY_LENGTH} letters and digits, got {len(aes_key)} characters")
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:AES_BLOCK]))
        self._receiver = receiver_id.encode()

    def encrypt(self, message: str, salt: bytes | None = None) -> str:
        """The ciphertext in base64. `salt`: 16 bytes, random ones unless given."""
        told = message.encode()
        salt = os.urandom(SALT) if salt is None else salt
        full = salt + len(told).to_bytes(4, "big") + told + self._receiver
        pad = BLOCK - len(full) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(full + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The message. Raises BadInput where this key does not open it, NotAllowed where another receiver is meant.

        Check the signature first; what is wrong is not told, so that nothing can be learnt by trying.
        """
        full = self._opened(encrypted)
        end = HEAD + int.from_bytes(full[SALT:HEAD], "big")
        if len(full) < HEAD or end > len(full):
            raise _unreadable()
        if not hmac.compare_digest(full[end:], self._receiver):
            raise NotAllowed("for another receiver", "wrong_receiver")
        try:
            return full[HEAD:end].decode()
        except UnicodeDecodeError as error:
            raise _unreadable() from error

    def _opened(self, encrypted: str) -> bytes:
        """What was encrypted, without its padding."""
        try:
            data = base64.b64decode(encrypted.encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError) as error:
            raise _unreadable() from error
        if not data or len(data) % AES_BLOCK:
            raise _unreadable()
        decryptor = self._cipher.decryptor()
        padded = decryptor.update(data) + decryptor.finalize()
        pad = padded[-1]
        if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise _unreadable()
        return padded[:-pad]


def _unreadable() -> BadInput:
    return BadInput("cannot be decrypted", "bad_ciphertext")
