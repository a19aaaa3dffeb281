"""Messages that nobody waits for reach a REST client's server: in order, again after a refusal, never after a doubt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from sqlalchemy import select, update

from bot.channels.callback import RestCallback
from bot.conversation.hub import Hub
from bot.conversation.inbox import Inbox
from bot.conversation.outbox import Outbox
from bot.desk.service import Desk
from bot.model import Inbound
from bot.services import Services
from bot.store.models import OutboxEntry

TIMEOUT = 0.5
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def taken(_request: web.Request) -> web.Response:
    return web.Response(status=204)


async def refused(_request: web.Request) -> web.Response:
    return web.Response(status=503)


async def moved(_request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "/elsewhere"})


async def hanging(_request: web.Request) -> web.Response:
    await asyncio.sleep(TIMEOUT * 3)
    return web.Response()


async def cut_off(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@dataclass
class Server:
    """A client's server. `how` answers; `got` is everything that reached it."""

    runner: web.AppRunner
    port: int = 0
    how: Answer = taken
    got: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/messages"

    def texts(self, sender: str = "anna") -> list[str]:
        return [text for who, text, _ in self.got if who == sender]

    async def serve(self) -> None:
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.runner.addresses[0][1]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async def receive(request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"] == "Bearer test-service-key"
        body = await request.json()
        made.got.append((body["recipient_id"], body["text"], request.headers["Idempotency-Key"]))
        return await made.how(request)

    app = web.Application()
    app.router.add_route("*", "/{any}", receive)
    made = Server(web.AppRunner(app, shutdown_timeout=0))
    await made.serve()
    yield made
    await made.runner.cleanup()


@dataclass
class Way:
    """A shop whose replies go to the server."""

    services: Services
    desk: Desk
    outbox: Outbox

    async def agent_says(self, *texts: str, sender: str = "anna") -> None:
        for text in texts:
            await self.desk.send(sender, text, None)

    async def statuses(self) -> list[str]:
        async with self.services.database.session() as session:
            return list((await session.execute(select(OutboxEntry.status).order_by(OutboxEntry.id))).scalars().all())

    async def due_now(self) -> None:
        """Let the time of the next try come."""
        async with self.services.database.session() as session:
            await session.execute(update(OutboxEntry).values(due_at=self.services.clock.now()))
            await session.commit()

    async def until_empty(self) -> None:
        while await self.outbox.deliver_due():
            pass


@pytest.fixture
async def way(server: Server, services: Callable[..., Services]) -> AsyncIterator[Way]:
    made = services(rest_callback_url=server.url)
    callback = RestCallback(server.url, made.settings.service_api_key, TIMEOUT)
    way = Way(made, Desk(made, Hub()), Outbox(made, {"rest": callback}))
    for sender in ("anna", "bert"):
        await Inbox(made).receive(Inbound("rest", sender, "1", "转人工"))
        await way.desk.accept(sender, None)
    await way.until_empty()
    server.got.clear()
    yield way
    await callback.close()


async def test_messages_arrive_once_and_in_order(way: Way, server: Server) -> None:
    await way.agent_says("一", "二", "三")
    await way.until_empty()
    await way.until_empty()
    assert server.texts() == ["一", "二", "三"]
    assert len({number for _, _, number in server.got}) == 3
    assert set(await way.statuses()) == {"sent"}


@pytest.mark.parametrize("trouble", [refused, moved])
async def test_what_was_refused_is_tried_again_and_nothing_overtakes_it(
    way: Way, server: Server, trouble: Answer
) -> None:
    await way.agent_says("一", "二")
    await way.agent_says("别人", sender="bert")
    server.how = trouble
    await way.until_empty()
    assert (server.texts(), server.texts("bert")) == (["一"], ["别人"])
    assert await way.outbox.deliver_due() is False, "the next try has its time"
    await way.due_now()
    await way.until_empty()
    assert server.texts() == ["一", "一"]
    server.how = taken
    await way.due_now()
    await way.until_empty()
    assert server.texts() == ["一", "一", "一", "二"]
    assert len({number for who, text, number in server.got if text == "一"}) == 1


async def test_an_unreachable_server_gets_everything_when_it_is_back(way: Way, server: Server) -> None:
    await server.runner.cleanup()
    await way.agent_says("一", "二")
    await way.until_empty()
    assert (await way.statuses())[-2:] == ["pending", "pending"]
    await server.serve()
    await way.due_now()
    await way.until_empty()
    assert server.texts() == ["一", "二"]


@pytest.mark.parametrize("trouble", [hanging, cut_off])
async def test_what_may_have_arrived_is_not_sent_again(way: Way, server: Server, trouble: Answer) -> None:
    server.how = trouble
    await way.agent_says("一")
    await way.until_empty()
    server.how = taken
    await way.agent_says("二")
    await way.due_now()
    await way.until_empty()
    assert server.texts() == ["一", "二"]
    assert (await way.statuses())[-2:] == ["unknown", "sent"]
    assert (await way.desk.conversation("anna"))["undelivered"] == 1


async def test_after_a_crash_between_sending_and_marking_nothing_is_sent_twice(way: Way, server: Server) -> None:
    arrived = asyncio.Event()

    async def arrives(_request: web.Request) -> web.Response:
        arrived.set()
        await asyncio.sleep(TIMEOUT * 3)
        return web.Response()

    server.how = arrives
    await way.agent_says("一", "二")
    sending = asyncio.ensure_future(way.outbox.deliver_due())
    await asyncio.wait_for(arrived.wait(), 5)
    sending.cancel()
    await asyncio.wait({sending})
    assert (await way.statuses())[-2:] == ["sending", "pending"]
    server.how = taken
    await way.outbox.recover()
    await way.until_empty()
    assert server.texts() == ["一", "二"]
    assert (await way.statuses())[-2:] == ["unknown", "sent"]


async def test_a_message_is_given_up_after_many_refusals_and_the_next_one_goes(way: Way, server: Server) -> None:
    server.how = refused
    await way.agent_says("一", "二")
    for _ in range(40):
        await way.due_now()
        await way.until_empty()
        if "failed" in await way.statuses():
            break
    server.how = taken
    await way.due_now()
    await way.until_empty()
    assert (await way.statuses())[-2:] == ["failed", "sent"]
    assert server.texts()[-1] == "二"


async def test_two_outboxes_on_one_database_send_each_message_once(way: Way, server: Server) -> None:
    other_callback = RestCallback(server.url, way.services.settings.service_api_key, TIMEOUT)
    other = Outbox(way.services, {"rest": other_callback})
    await way.agent_says(*"一二三四五")
    for _ in range(8):
        await asyncio.gather(way.outbox.deliver_due(), other.deliver_due())
    await other_callback.close()
    assert server.texts() == list("一二三四五")


async def test_it_runs_by_itself_when_woken(way: Way, server: Server) -> None:
    running = asyncio.ensure_future(way.outbox.run())
    await asyncio.sleep(0.05)
    await way.agent_says("一")
    way.outbox.wake()
    for _ in range(100):
        if server.got:
            break
        await asyncio.sleep(0.02)
    running.cancel()
    assert server.texts() == ["一"]
