"""Row "message state": on its way, sent, read; not delivered and sent again; the time between lines; offline, once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from playwright.async_api import WebSocketRoute, expect
from sqlalchemy import text

from tests.desk import at_work, database_of
from tests.service import Client, Service
from tests.web.conftest import Visit
from tests.web.console import Console
from tests.web.shopper import WIDGET, Shopper, until

LIN, SENDER = "林小夏", "c-cust-001"
DELIVERY, TIME = WIDGET["delivery"], WIDGET["time"]


async def _lines(server: Client, role: str = "customer") -> list[str]:
    shown = await server.conversation(SENDER)
    return [message["text"] for message in shown["messages"] if message["role"] == role]


async def test_a_line_is_on_its_way_then_sent_and_read_when_somebody_looks(
    visit: Visit, server: Client, service: Service
) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    async with at_work(service) as colleague:
        [row] = (await colleague.view("queue"))["items"]
        assert (await colleague.at(row["id"], "accept"))[0] == 200
        await expect(shopper.header).to_contain_text(colleague.account["name"])
        console = await Console(colleague).open()
        await shopper.page.context.set_offline(True)
        await expect(shopper.chat.get_by_text(WIDGET["link"]["offline"])).to_be_visible()
        await shopper.type("杯子还没收到")
        await expect(shopper.own.last).to_contain_text(DELIVERY["sending"])
        await shopper.page.context.set_offline(False)
        await expect(shopper.own.last).to_contain_text(DELIVERY["sent"])
        assert (await _lines(server)).count("杯子还没收到") == 1
        await expect(shopper.own.last).not_to_contain_text(DELIVERY["read"])

        await console.view(row["id"])
        seen = {"conversation_id": row["id"], "seq": (await _last(server))["seq"]}
        assert await console.ask("seen", seen) == {"ok": True}
        await expect(shopper.own.last).to_contain_text(DELIVERY["read"])
        await console.close()
    shopper.forgive("ERR_INTERNET_DISCONNECTED|WebSocket is closed before")


async def _last(server: Client) -> dict[str, int]:
    last: dict[str, int] = (await server.conversation(SENDER))["messages"][-1]
    return last


async def test_a_line_without_an_answer_is_marked_and_one_tap_sends_it_once(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    swallowed: list[str] = []

    async def tunnel(socket: WebSocketRoute) -> None:
        service = socket.connect_to_server()

        def pass_on(packet: str | bytes) -> None:
            if not swallowed and re.match(r'42\d+\["message"', str(packet)):
                swallowed.append(str(packet))
            else:
                service.send(packet)

        socket.on_message(pass_on)

    await shopper.page.clock.install()
    await shopper.page.route_web_socket(re.compile("/socket.io/"), tunnel)
    await shopper.page.reload()
    await shopper.open_chat()
    await shopper.become(LIN)
    await shopper.type("包邮吗")
    await expect(shopper.own.last).to_contain_text(DELIVERY["sending"])
    again = shopper.own.get_by_role("button", name=DELIVERY["failed"])
    await expect(again).to_have_count(0)
    assert swallowed
    await shopper.page.clock.fast_forward(10_000)
    await expect(again).to_be_visible()
    await again.click()
    await expect(shopper.answers.first).to_be_visible()
    await expect(shopper.own.last).to_contain_text(DELIVERY["read"])
    await expect(again).to_have_count(0)
    assert await shopper.said() == ["包邮吗"]
    assert await _lines(server) == ["包邮吗"]


async def test_the_time_stands_between_lines_that_are_apart(visit: Visit, server: Client, service: Service) -> None:
    shopper = await visit(LIN)
    await shopper.say("包邮吗")
    await shopper.say("发什么快递")
    times = shopper.log.locator(".list__time")
    await expect(times).to_have_count(1)
    said_at = datetime.fromisoformat((await server.conversation(SENDER))["messages"][0]["at"])
    await _move_first_two_lines(service, timedelta(minutes=10))

    earlier = said_at - timedelta(minutes=10)
    for today, words in (
        (said_at, TIME["today"].format(time=f"{earlier:%H:%M}")),
        (said_at + timedelta(days=1), TIME["yesterday"].format(time=f"{earlier:%H:%M}")),
        (said_at + timedelta(days=40), f"{earlier:%m-%d %H:%M}"),
    ):
        await _come_back(shopper, today)
        await expect(times).to_have_count(2)
        await expect(times.first).to_have_text(words)


async def _come_back(shopper: Shopper, now: datetime) -> None:
    await shopper.page.clock.set_fixed_time(now)
    await shopper.page.reload()
    await expect(shopper.launcher).to_be_visible()
    if not await shopper.input.is_visible():
        await shopper.open_chat()
    if await shopper.log.locator(".row").count() == 0:
        await shopper.become(LIN)


async def _move_first_two_lines(service: Service, back: timedelta) -> None:
    database = database_of(service)
    async with database.session() as session:
        query = "SELECT m.id, m.at FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE c.sender = :s"
        rows = (await session.execute(text(query + " ORDER BY m.id LIMIT 2"), {"s": SENDER})).all()
        for seq, at in rows:
            moved = (datetime.fromisoformat(at) - back).strftime("%Y-%m-%d %H:%M:%S.%f")
            await session.execute(text("UPDATE messages SET at = :at WHERE id = :id"), {"at": moved, "id": seq})
        await session.commit()
    await database.dispose()


async def test_what_was_written_offline_comes_in_order_and_once_after_two_breaks(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.say("你好")
    lines = ["包邮吗", "发什么快递", "几天能到"]
    await shopper.page.context.set_offline(True)
    for line in lines:
        await shopper.type(line)
    await expect(shopper.own.last).to_contain_text(DELIVERY["sending"])
    await shopper.page.context.set_offline(False)
    await shopper.page.context.set_offline(True)
    await shopper.page.context.set_offline(False)

    async def stored() -> bool:
        return await _lines(server) == ["你好", *lines]

    await until(stored, "stored once and in order")
    assert await shopper.said() == ["你好", *lines]
    await expect(shopper.chat.get_by_text(DELIVERY["sending"])).to_have_count(0)
    shopper.forgive("ERR_INTERNET_DISCONNECTED|WebSocket is closed before")
