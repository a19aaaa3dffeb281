"""Signatures and the cipher: what Tencent publishes, and what must be refused."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.signature import matches, sign
from bot.errors import BadInput, NotAllowed, SettingsError
from tests.wechat.official import CIPHERTEXTS, CRYPTO
from tests.wechat.often import often
from tests.wechat.pushing import APPID, CIPHER, KEY

ENCRYPTIONS = CRYPTO["encryptions"]


def ids(vectors: Any) -> list[str]:
    return [vector["id"] for vector in vectors]


@pytest.mark.parametrize("vector", CRYPTO["signatures"], ids=ids(CRYPTO["signatures"]))
def test_a_published_signature_matches_and_a_changed_one_does_not(vector: dict[str, str]) -> None:
    parts = vector["token"], vector["timestamp"], vector["nonce"]
    assert sign(*parts) == vector["signature"]
    assert matches(vector["signature"], *parts)
    changed = ("0" if vector["signature"][0] != "0" else "1") + vector["signature"][1:]
    assert not any(matches(wrong, *parts) for wrong in (changed, "", vector["signature"][:-1], "字" * 40, "\ud800"))


@pytest.mark.parametrize("vector", CIPHERTEXTS.values(), ids=CIPHERTEXTS)
def test_a_published_ciphertext_is_signed_and_read(vector: dict[str, str]) -> None:
    parts = vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"]
    assert matches(vector["msg_signature"], *parts)
    assert not matches(vector["msg_signature"], *parts[:3], vector["encrypt"][::-1])
    told = MessageCipher(vector["encoding_aes_key"], vector["receiver_id"]).decrypt(vector["encrypt"])
    assert told == vector["plaintext"]


@pytest.mark.parametrize("vector", CIPHERTEXTS.values(), ids=CIPHERTEXTS)
def test_a_message_for_another_receiver_is_refused(vector: dict[str, str]) -> None:
    for receiver in ("wx0000000000000000", "", vector["receiver_id"] + "0"):
        with pytest.raises(NotAllowed):
            MessageCipher(vector["encoding_aes_key"], receiver).decrypt(vector["encrypt"])


@pytest.mark.parametrize("vector", ENCRYPTIONS, ids=ids(ENCRYPTIONS))
def test_with_published_random_bytes_the_published_ciphertext_comes_out(vector: dict[str, str]) -> None:
    cipher = MessageCipher(vector["encoding_aes_key"], vector["receiver_id"])
    encrypted = cipher.encrypt(vector["msg"], vector["random16"].encode())
    assert encrypted == vector["encrypt"]
    if "msg_signature" in vector:
        assert sign(vector["token"], vector["timestamp"], vector["nonce"], encrypted) == vector["msg_signature"]


def test_a_message_is_opaque_even_where_it_is_no_xml() -> None:
    for vector in CRYPTO["opaque"]:
        cipher = MessageCipher(vector["encoding_aes_key"], vector["receiver_id"])
        assert cipher.decrypt(cipher.encrypt(vector["msg"])) == vector["msg"]


def test_the_same_message_never_looks_the_same_twice() -> None:
    assert CIPHER.encrypt("您好") != CIPHER.encrypt("您好")


@often
@given(st.text(st.characters(blacklist_categories=("Cs",))), st.text("abcdefxyz0123456789", max_size=64))
def test_what_is_encrypted_is_read_again_whatever_its_length(message: str, receiver: str) -> None:
    cipher = MessageCipher(KEY, receiver)
    encrypted = cipher.encrypt(message)
    assert len(base64.b64decode(encrypted)) % 32 == 0
    assert cipher.decrypt(encrypted) == message


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "-", "键" * 43])
def test_a_key_that_is_not_43_letters_and_digits_is_named_as_such(key: str) -> None:
    with pytest.raises(SettingsError, match="43"):
        MessageCipher(key, APPID)


def encrypted(full: bytes) -> str:
    """Any bytes under the key, as a stranger who had it could send them."""
    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(full) + encryptor.finalize()).decode()


def padded(told: bytes, length: int | None = None, receiver: bytes = APPID.encode()) -> bytes:
    """A message with its head, padded by the book."""
    full = b"r" * 16 + (len(told) if length is None else length).to_bytes(4, "big") + told + receiver
    pad = 32 - len(full) % 32
    return full + bytes([pad]) * pad


GOOD = padded(b"<xml></xml>")
BROKEN = {
    "empty": "",
    "not base64": "!!!!",
    "not ascii": "字" * 8,
    "blanks inside": encrypted(GOOD)[:20] + "\n" + encrypted(GOOD)[20:],
    "no whole block": encrypted(GOOD)[:40],
    "last byte changed": encrypted(GOOD)[:-4] + "AAA=",
    "pad of nothing": encrypted(GOOD[:-1] + b"\x00"),
    "pad beyond 32": encrypted(GOOD[:-1] + b"\x21"),
    "pad of two kinds": encrypted(padded(b"1234567")[:-2] + b"\x00" + padded(b"1234567")[-1:]),
    "nothing but pad": encrypted(b"\x20" * 32),
    "head cut off": encrypted(b"r" * 15 + b"\x11" * 17),
    "length beyond the end": encrypted(padded(b"hello", 0xFFFFFFFF)),
    "no utf-8": encrypted(padded(b"\xff\xfe")),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_no_ciphertext_of_ours_is_refused_without_saying_why(broken: str) -> None:
    with pytest.raises(BadInput) as refused:
        CIPHER.decrypt(broken)
    assert (str(refused.value), refused.value.code) == ("cannot be decrypted", "bad_ciphertext")


def test_a_length_that_takes_some_of_the_receiver_into_the_message_is_refused() -> None:
    assert CIPHER.decrypt(encrypted(GOOD)) == "<xml></xml>"
    for length in (0, 5, 12, 11 + len(APPID)):
        with pytest.raises(NotAllowed):
            CIPHER.decrypt(encrypted(padded(b"<xml></xml>", length)))
