"""Strangers at the callback of the running service: refused by status alone, and nothing of theirs is taken in."""

from __future__ import annotations

import asyncio
import io
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.signature import sign
from bot.channels.wechat.xml import cdata, element
from tests.service import Service, free_port
from tests.wechat.fake import Account
from tests.wechat.house import Shop, service_for, wechat_for

REQUESTS = 10_000 if os.environ.get("TEST_LONG") else 2_000
AT_ONCE = 8
GROWN_MB = 60
PORT = free_port()
ACCOUNT = Account()
OURS = MessageCipher(ACCOUNT.aes_key, ACCOUNT.appid)
OTHERS = MessageCipher(ACCOUNT.aes_key, "wx0000000000000000")
BOMB = "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]><xml>&a9;</xml>"


@pytest.fixture(scope="module")
def service(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_for(tmp_path_factory.mktemp("strangers"), PORT).running() as made:
        yield made


def message(dice: random.Random, sender: str = "o-stranger") -> str:
    told = {"ToUserName": ACCOUNT.original_id, "FromUserName": sender, "CreateTime": str(int(time.time()))}
    told |= {"MsgType": "text", "Content": "转人工", "MsgId": str(dice.randrange(10**18))}
    return element("xml", *(cdata(name, value) for name, value in told.items()))


def signed(encrypted: str, *, token: str = ACCOUNT.token, at: float | None = None) -> dict[str, str]:
    stamp, nonce = str(int(at or time.time())), str(random.randrange(10**10))
    query = {"timestamp": stamp, "nonce": nonce, "encrypt_type": "aes", "signature": sign(token, stamp, nonce)}
    return query | {"msg_signature": sign(token, stamp, nonce, encrypted)}


def around(encrypted: str) -> bytes:
    return element("xml", cdata("Encrypt", encrypted)).encode()


def hostile(dice: random.Random) -> tuple[dict[str, str], bytes]:
    """A request that must not be taken."""
    sealed = OURS.encrypt(message(dice))
    kind = dice.randrange(11)
    if kind == 0:
        return signed(sealed, token="wrong"), around(sealed)
    if kind == 1:
        cut = sealed[: dice.randrange(len(sealed))]
        return signed(cut), around(cut)
    if kind == 2:
        return signed(BOMB), BOMB.encode()
    if kind == 3:
        return signed(wrong := OTHERS.encrypt(message(dice))), around(wrong)
    if kind == 4:
        return signed(sealed), around(sealed) + b" " * (1 << 20)
    if kind == 5:
        return signed(sealed, at=time.time() - 3_600), around(sealed)
    if kind == 6:
        return signed(sealed), b"\xff\xfe" + dice.randbytes(200)
    if kind == 7:
        query = signed(sealed)
        return {name: query[name] for name in ("signature", "timestamp", "nonce")}, message(dice).encode()
    if kind == 8:
        bomb = OURS.encrypt(BOMB)
        return signed(bomb), around(bomb)
    if kind == 9:
        return {}, dice.randbytes(dice.randrange(2_000))
    return signed(sealed) | {"timestamp": "١٢٣", "nonce": "\x00"}, around(sealed)


def memory_of(service: Service) -> float:
    """Megabytes."""
    assert service._process is not None
    status = Path(f"/proc/{service._process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


async def test_thousands_of_hostile_requests_are_refused_and_none_is_processed(service: Service) -> None:
    statuses: Counter[int] = Counter()
    bodies: set[str] = set()
    dice = random.Random(7)
    slots = asyncio.Semaphore(AT_ONCE)

    async def knock(session: aiohttp.ClientSession) -> None:
        query, body = hostile(dice)
        async with slots, session.post(f"{service.url}/wechat", params=query, data=io.BytesIO(body)) as answer:
            statuses[answer.status] += 1
            bodies.add(await answer.text())

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(knock(session) for _ in range(200)))
        before = memory_of(service)
        for _ in range(REQUESTS // 200 - 1):
            await asyncio.gather(*(knock(session) for _ in range(200)))
    assert set(statuses) == {400, 403, 413}
    assert sum(statuses.values()) == REQUESTS
    assert len(bodies) == 3, "an answer tells nothing but its status"
    assert memory_of(service) - before < GROWN_MB
    async with wechat_for(service, PORT) as shop:
        assert await count(shop, "inbox") == 0
        assert await count(shop, "wechat_pushes") == 0
        user = shop.wechat.user("o-after")
        await user.follow()
        await user.says("你们包邮吗")
        assert [shown.kind for shown in user.new] == ["passive"]


async def test_replays_are_joined_and_never_processed_again(service: Service) -> None:
    async with wechat_for(service, PORT) as shop, aiohttp.ClientSession() as session:
        user = shop.wechat.user("o-replay")
        await user.follow()
        await user.says("你们包邮吗")
        before = await count(shop, "messages")
        push = shop.wechat.pushes[-1]
        query, body = shop.wechat.world.pusher._envelope.close(dict(push.fields), dict(push.attempts[0].query))
        for _ in range(50):
            async with session.post(f"{service.url}/wechat", params=query, data=body) as answer:
                assert (answer.status, await answer.text()) == (200, "success")
        assert await count(shop, "messages") == before


async def test_the_address_is_verified_and_nobody_else_gets_an_echo(service: Service) -> None:
    async with wechat_for(service, PORT) as shop, aiohttp.ClientSession() as session:
        assert await shop.wechat.verify() == ""
        async with session.get(f"{service.url}/wechat", params={"echostr": "<script>"}) as answer:
            assert answer.status == 403
            assert "script" not in await answer.text()


async def count(shop: Shop, table: str) -> int:
    return int((await shop.rows(f"SELECT count(*) FROM {table}"))[0][0])
