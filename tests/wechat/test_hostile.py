"""Whatever a stranger sends, signed or not: it is opened or refused, nothing else ever comes out."""

from __future__ import annotations

import random
import time
import tracemalloc

import pytest

from bot.channels.wechat.envelope import Callback
from bot.channels.wechat.outgoing import Text
from bot.errors import RequestError
from tests.wechat.official import COMPATIBLE, PUSHES
from tests.wechat.pushing import CIPHER, PLAIN, SAFE, over, sealed, signed

MUTATIONS = 5_000
SAMPLES = [sample["xml"] for sample in PUSHES["pushes"]]
TOKENS = [b"<", b">", b"]]>", b"<![CDATA[", b"<!DOCTYPE x>", b"&a;", b"&#0;", b"<?xml", b"'", b"<MsgType>", b"</xml>"]
TOKENS += [
    b"-1",
    b"NaN",
    b"1e999",
    b"9" * 400,
    "字".encode(),
    b"\xe5\xad",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"</a>" * 50,
]


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The bytes with a few of them changed, gone, doubled, or with something put between."""
    for _ in range(dice.randint(1, 4)):
        at, to = sorted((dice.randint(0, len(data)), dice.randint(0, len(data))))
        to = min(to, at + dice.choice((1, 3, 40)))
        put = dice.choice((b"", data[at:to] * 2, dice.choice(TOKENS), dice.randbytes(3)))
        data = data[:at] + put + data[to:]
    return data


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def tried(callback: Callback, query: dict[str, str], body: bytes) -> str:
    """What comes of a request: the kind that was read, or the status of the refusal."""
    try:
        opened = callback.open(query, body)
    except RequestError as refused:
        return str(refused.status)
    assert callback.answer(opened, Text("您好"))
    assert opened.push.message_id
    return "opened"


@pytest.mark.parametrize("seed", range(4))
def test_mutated_requests_are_opened_or_refused(seed: int) -> None:
    dice = random.Random(seed)
    outcomes = set()
    for _ in range(MUTATIONS // 4):
        sample = dice.choice(SAMPLES)
        bent = mutated(sample.encode(), dice)
        outcomes.add(tried(PLAIN, signed(), bent))
        outcomes.add(tried(SAFE, *sealed(bent.decode("utf-8", "ignore"))))
        outcomes.add(tried(SAFE, *over(mutated(CIPHER.encrypt(sample).encode(), dice).decode("ascii", "replace"))))
        query, body = sealed(sample)
        outcomes.add(tried(SAFE, query, mutated(body, dice)))
        name = dice.choice(sorted(query))
        outcomes.add(tried(SAFE, {**query, name: text_of(mutated(query[name].encode(), dice))}, body))
    assert outcomes == {"opened", "400", "403"}


def test_no_query_opens_anything_or_fails() -> None:
    dice = random.Random(5)
    names = ["signature", "msg_signature", "timestamp", "nonce", "echostr", "openid", "encrypt_type"]
    for _ in range(500):
        chosen = dice.sample(names, dice.randint(0, len(names)))
        query = {name: text_of(dice.randbytes(dice.randint(0, 50))) for name in chosen}
        for callback in (PLAIN, SAFE):
            assert tried(callback, query, COMPATIBLE["body"].encode()) == "403"
            with pytest.raises(RequestError):
                callback.challenge(query)


def test_a_thousand_large_refusals_take_little_time_and_leave_nothing_behind() -> None:
    bodies = [b"<xml>" * 2_000, b"<!DOCTYPE x>" + b"x" * 20_000, b"<xml>" + b"\xff" * 20_000, b"x" * (1024 * 1024 + 1)]
    for body in bodies:
        tried(PLAIN, signed(), body)
    tracemalloc.start()
    started, before = time.process_time(), tracemalloc.get_traced_memory()[0]
    for _ in range(250):
        for body in bodies:
            assert tried(PLAIN, signed(), body) in ("400", "413")
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 200_000
    assert time.process_time() - started < 20
