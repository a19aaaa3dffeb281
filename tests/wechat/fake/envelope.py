"""Signing and encrypting, by wechatpy's crypto, so that it does not share a mistake with the service under test."""

from __future__ import annotations

import secrets
from typing import Any

from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import WeChatSigner

from .account import Account, Mode
from .clock import Clock
from .markup import BadMarkup, parse, render


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, in hexadecimal."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


class Envelope:
    """What stands around a message on its way."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def signed_query(self) -> dict[str, str]:
        """The query that every request to the callback carries."""
        stamp, nonce = str(int(Clock.signing_time())), str(secrets.randbelow(10**10))
        return {"signature": signature(self._account.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}

    def close(self, fields: dict[str, Any], query: dict[str, str]) -> tuple[dict[str, str], bytes]:
        """A push as the account's mode writes it: the query, with what encryption adds, and the body."""
        account = self._account
        clear = render(fields)
        if account.mode is Mode.PLAIN:
            return query, clear.encode()
        cipher = self._prp().encrypt(clear, account.appid).decode()
        signed = signature(account.token, query["timestamp"], query["nonce"], cipher)
        shown = fields if account.mode is Mode.COMPAT else {"ToUserName": fields["ToUserName"]}
        return (
            {**query, "encrypt_type": "aes", "msg_signature": signed},
            render({**shown, "Encrypt": cipher}).encode(),
        )

    def open(self, body: bytes) -> dict[str, Any]:
        """The fields of a passive reply, decrypted and its signature verified. Raises `BadMarkup`."""
        account = self._account
        outer = parse(body)
        if "Encrypt" not in outer:
            if account.mode is Mode.SAFE:
                raise BadMarkup("not encrypted, and the account is in safe mode")
            return outer
        if account.mode is Mode.PLAIN:
            raise BadMarkup("encrypted, and the account is in plain mode")
        missing = [name for name in ("MsgSignature", "TimeStamp", "Nonce") if not outer.get(name)]
        if missing:
            raise BadMarkup(f"without {', '.join(missing)}")
        try:
            clear = self._crypto().decrypt_message(outer, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
        except InvalidSignatureException as error:
            raise BadMarkup("MsgSignature does not fit") from error
        except InvalidAppIdException as error:
            raise BadMarkup("encrypted for another appid") from error
        except Exception as error:  # wechatpy lets whatever the ciphertext causes out
            raise BadMarkup(f"does not decrypt: {error!r}") from error
        return parse(clear.encode())

    def _crypto(self) -> Any:
        return WeChatCrypto(self._account.token, self._account.aes_key, self._account.appid)

    def _prp(self) -> Any:
        return PrpCrypto(self._crypto().key)
