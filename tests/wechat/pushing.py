"""WeChat's side of a callback, for tests: signed queries, sealed bodies, and the callback that they are for."""

from __future__ import annotations

from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.envelope import Callback
from bot.channels.wechat.signature import sign
from bot.channels.wechat.xml import cdata, element

TOKEN, KEY, APPID = "spamtest", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx2c2769f8efd9abc2"
NOW = 1_772_600_000
CIPHER = MessageCipher(KEY, APPID)

PLAIN = Callback(TOKEN, clock=lambda: NOW)
SAFE = Callback(TOKEN, CIPHER, clock=lambda: NOW)


def signed(timestamp: int | str = NOW, nonce: str = "1320562132", token: str = TOKEN) -> dict[str, str]:
    """The query of a plain push."""
    return {"signature": sign(token, str(timestamp), nonce), "timestamp": str(timestamp), "nonce": nonce}


def sealed(xml: str, cipher: MessageCipher = CIPHER) -> tuple[dict[str, str], bytes]:
    """Query and body of an encrypted push."""
    return over(cipher.encrypt(xml))


def over(encrypted: str) -> tuple[dict[str, str], bytes]:
    """Query and body with any ciphertext, rightly signed."""
    query = signed()
    claimed = sign(TOKEN, query["timestamp"], query["nonce"], encrypted)
    body = element("xml", cdata("ToUserName", "gh_10f6c3c3ac5a"), cdata("Encrypt", encrypted))
    return query | {"encrypt_type": "aes", "msg_signature": claimed}, body.encode()
