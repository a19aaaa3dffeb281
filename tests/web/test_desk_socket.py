"""The console's connection: rows, messages, typing and reads as they happen, for two agents and a customer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from bot.identity import Identities
from tests.desk import Colleague, at_work, database_of
from tests.service import SECRET, Client, Service
from tests.web.console import Console
from tests.web.device import Device, Refused
from tests.web.shopper import until

SENDER = "c-cust-001"
Open = Callable[[Colleague], Awaitable[Console]]


@pytest.fixture
async def open_console(server: Client) -> AsyncIterator[Open]:
    """`await open_console(colleague)`: the console in a tab."""
    opened: list[Console] = []

    async def made(colleague: Colleague) -> Console:
        opened.append(Console(colleague))
        return await opened[-1].open()

    yield made
    for console in opened:
        await console.close()


@pytest.fixture
async def customer(service: Service, server: Client) -> AsyncIterator[Device]:
    """A customer with the widget open."""
    async with aiohttp.ClientSession() as session:
        device = Device(session)
        yield await device.connect(service.url, token=Identities(SECRET).for_customer("cust-001"))
        await device.close()


async def queue(customer: Device, server: Client) -> str:
    """The customer asks for a person; the conversation's id."""
    await customer.send("转人工")
    await customer.until(lambda: customer.place is not None, "in the queue")
    return str((await server.conversation(SENDER))["id"])


async def test_two_agents_see_a_talk_from_the_queue_to_its_end(
    service: Service, server: Client, customer: Device, open_console: Open
) -> None:
    async with at_work(service, name="小甲") as first, at_work(service, name="小乙") as second:
        own, other = await open_console(first), await open_console(second)
        conversation_id = await queue(customer, server)
        for console in (own, other):
            await console.until(lambda c=console: (c.row(conversation_id) or {}).get("owner") == "queue", "in the list")
            await console.until(lambda c=console: bool(c.of("counts")) and c.of("counts")[-1]["queue"] == 1, "counted")
        await own.view(conversation_id)
        assert (await first.at(conversation_id, "accept"))[0] == 200
        for console in (own, other):
            await console.until(lambda c=console: c.row(conversation_id)["owner"] == "agent", "taken")
        await own.until(lambda: own.of("counts")[-1] == {"queue": 0, "mine": 1, "all": 1}, "mine")
        await other.until(lambda: other.of("counts")[-1] == {"queue": 0, "mine": 0, "all": 1}, "not mine")

        await customer.send("我的杯子碎了")
        await own.until(lambda: "我的杯子碎了" in own.lines("customer"), "the customer's line")
        await other.until(lambda: other.row(conversation_id)["unread"] == 1, "unread for all")
        assert other.lines("customer") == [], "who does not look is told the row only"

        sent = await own.ask(
            "message", {"conversation_id": conversation_id, "client_id": "a1", "text": "抱歉，马上给您办"}
        )
        assert sent["ok"]
        await customer.until(lambda: customer.texts("agent") == ["抱歉，马上给您办"], "the customer reads it")
        await own.until(lambda: own.lines("agent") == ["抱歉，马上给您办"], "so does the sender's other tab")
        echo = own.of("message")[-1]["message"]
        assert (echo["seq"], echo["client_id"], echo["name"]) == (sent["seq"], "a1", "小甲")
        again = await own.ask("message", {"conversation_id": conversation_id, "client_id": "a1", "text": "x"})
        assert again == sent

        assert (await first.at(conversation_id, "close"))[0] == 200
        await other.until(lambda: other.row(conversation_id)["owner"] == "closed", "closed")
        await customer.until(lambda: customer.of("state")[-1]["owner"] == "closed", "closed for the customer")


async def test_a_look_is_told_to_the_customer_only_from_who_has_the_talk(
    service: Service, server: Client, customer: Device, open_console: Open
) -> None:
    async with at_work(service) as first, at_work(service, "supervisor") as second:
        own, other = await open_console(first), await open_console(second)
        conversation_id = await queue(customer, server)
        await first.at(conversation_id, "accept")
        line = (await customer.send("在吗"))["seq"]
        for console in (own, other):
            await console.view(conversation_id)
        assert (await other.ask("seen", {"conversation_id": conversation_id, "seq": line}))["ok"]
        assert (await first.see(conversation_id))["staff_seen"] < line
        version = await version_of(service, conversation_id)
        assert (await own.ask("seen", {"conversation_id": conversation_id, "seq": 2**31 - 1}))["ok"]
        assert (await first.see(conversation_id))["staff_seen"] == line, "never beyond what was said"
        assert await version_of(service, conversation_id) == version, "a look does not disturb a turn"
        await other.until(lambda: bool(other.of("seen")), "told")
        assert other.of("seen")[-1] == {"conversation_id": conversation_id, "by": "staff", "seq": line}
        assert (await own.ask("seen", {"conversation_id": conversation_id, "seq": 1}))["ok"]
        assert (await first.see(conversation_id))["staff_seen"] == line, "and never back"


async def version_of(service: Service, conversation_id: str) -> int:
    """The number that guards the conversation's owner."""
    database = database_of(service)
    async with database.engine.connect() as connection:
        query = "SELECT version FROM conversations WHERE id = ?"
        version = (await connection.exec_driver_sql(query, (conversation_id,))).scalar()
    await database.dispose()
    return int(version)


async def test_who_looks_and_who_types_is_shown_and_ends_when_they_go(
    service: Service, server: Client, customer: Device, open_console: Open
) -> None:
    async with at_work(service, name="小甲") as first, at_work(service, name="小乙") as second:
        own, other = await open_console(first), await open_console(second)
        conversation_id = await queue(customer, server)
        await first.at(conversation_id, "accept")
        await own.view(conversation_id)
        await other.view(conversation_id)
        await own.until(lambda: len(own.of("viewing")[-1]["agents"]) == 2, "both look")
        shown = (await first.see(conversation_id))["agents_viewing"]
        assert {agent["name"] for agent in shown} == {"小甲", "小乙"}

        customer.told.clear()
        await other.ask("typing", {"conversation_id": conversation_id, "on": True})
        await own.until(lambda: any(agent["typing"] for agent in own.of("viewing")[-1]["agents"]), "a colleague types")
        await own.ask("typing", {"conversation_id": conversation_id, "on": True})
        await customer.until(lambda: bool(customer.of("typing")), "the agent types")
        await own.close()
        await customer.until(lambda: len(customer.of("typing")) == 2, "and stops by going away")
        assert [told["on"] for told in customer.of("typing")] == [True, False], "a colleague's typing is not shown"
        assert {told["by"] for told in customer.of("typing")} == {"agent"}
        await other.until(lambda: len(other.of("viewing")[-1]["agents"]) == 1, "one is left")
        await other.view(None)
        assert (await first.see(conversation_id))["agents_viewing"] == []


async def test_notes_tickets_and_offers_reach_whom_they_are_for(
    service: Service, server: Client, customer: Device, open_console: Open
) -> None:
    async with at_work(service, name="小甲") as first, at_work(service) as second, at_work(service) as third:
        own, offered, idle = [await open_console(one) for one in (first, second, third)]
        await customer.send("我要投诉你们")
        await customer.until(lambda: customer.place is not None, "in the queue")
        conversation_id = (await server.conversation(SENDER))["id"]
        for console in (own, offered, idle):
            await console.until(lambda c=console: bool(c.of("ticket")), "a ticket of the bot")
        [ticket] = own.of("ticket")
        assert (ticket["conversation_id"], ticket["ticket"]["type"]) == (conversation_id, "complaint")
        await first.at(conversation_id, "accept")
        number = ticket["ticket"]["id"]
        await first.post(f"/api/v1/tickets/{number}/fields", {"name": "王女士", "contact": "13800138000"})
        await first.post(f"/api/v1/tickets/{number}/done")
        await idle.until(lambda: idle.of("ticket")[-1]["ticket"]["status"] == "done", "done")

        await first.at(conversation_id, "notes", {"text": "老客户", "client_id": "n"})
        await own.until(lambda: bool(own.of("note")), "noted")
        assert own.of("note")[0]["note"]["client_id"] == "n"
        await first.at(conversation_id, "transfer", {"to": second.account["id"], "reason": "会修表"})
        await offered.until(lambda: bool(offered.of("offered")), "offered")
        [offer] = offered.of("offered")
        assert (offer["conversation_id"], offer["from"]["name"], offer["reason"]) == (conversation_id, "小甲", "会修表")
        await idle.until(lambda: idle.row(conversation_id)["reserved_for"] == second.account["id"], "reserved")
        assert idle.of("offered") == idle.of("note") == []
        customer_read = [text for role in ("agent", "bot", "system") for text in customer.texts(role)]
        assert not any("老客户" in text or "会修表" in text for text in customer_read)


async def test_many_changes_of_a_talk_are_a_few_rows_and_the_last_one_is_true(
    service: Service, server: Client, customer: Device, open_console: Open
) -> None:
    async with at_work(service) as colleague:
        console = await open_console(colleague)
        conversation_id = await queue(customer, server)
        await colleague.at(conversation_id, "accept")
        await console.until(lambda: (console.row(conversation_id) or {}).get("owner") == "agent", "taken")
        console.told.clear()
        started = asyncio.get_running_loop().time()
        await asyncio.gather(*(colleague.write(conversation_id, f"第{number}条") for number in range(20)))
        await console.until(lambda: len(console.lines("agent")) == 20, "each message is told")
        last = console.of("message")[-1]["message"]["text"]
        await console.until(
            lambda: ((console.row(conversation_id) or {}).get("last") or {}).get("text") == last, "the last is true"
        )
        seconds = asyncio.get_running_loop().time() - started
        assert len([row for row in console.of("row") if row["id"] == conversation_id]) <= 5 * seconds + 1
        numbers = [told["message"]["seq"] for told in console.of("message")]
        assert numbers == sorted(numbers)


async def test_what_was_missed_is_fetched_by_number(
    service: Service, server: Client, customer: Device, open_console: Open
) -> None:
    async with at_work(service) as colleague:
        console = await open_console(colleague)
        conversation_id = await queue(customer, server)
        await colleague.at(conversation_id, "accept")
        await customer.send("第一句")
        await console.until(lambda: console.lines("customer")[-1:] == ["第一句"], "live")
        last = console.of("message")[-1]["message"]["seq"]
        await console.close()
        for text in ("第二句", "第三句"):
            await customer.send(text)
        missed = await colleague.see(conversation_id, "/messages", after=last)
        assert [message["text"] for message in missed["messages"]] == ["第二句", "第三句"]


@pytest.mark.parametrize("origin", ["https://evil.example", None, "null"])
async def test_a_page_of_another_origin_is_not_let_in(service: Service, server: Client, origin: str | None) -> None:
    async with at_work(service) as colleague:
        console = Console(colleague)
        with pytest.raises(Refused, match="not_authenticated"):
            await console.open(origin=origin)
        await console.close()


async def test_nobody_without_a_session_is_let_in(service: Service, server: Client) -> None:
    async with aiohttp.ClientSession() as session:
        console = Console(Colleague(service.url, session))
        with pytest.raises(Refused, match="not_authenticated"):
            await console.open()
        await console.close()


async def test_who_logs_out_hears_nothing_more(
    service: Service, server: Client, customer: Device, open_console: Open
) -> None:
    async with at_work(service) as colleague:
        console = await open_console(colleague)
        assert (await colleague.call("DELETE", "/api/v1/session"))[0] == 204
        await asyncio.wait_for(console.over.wait(), 5)
        await queue(customer, server)
        assert console.of("row") == []


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("view", {"conversation_id": 5}),
        ("view", {"conversation_id": "0" * 32}),
        ("seen", {"conversation_id": "0" * 32, "seq": 1}),
        ("seen", {"conversation_id": "0" * 32, "seq": True}),
        ("message", {"conversation_id": "0" * 32, "client_id": "x", "text": "x"}),
        ("message", {"conversation_id": "0" * 32, "text": "x"}),
        ("message", "x"),
        ("typing", None),
    ],
)
async def test_what_makes_no_sense_is_answered_and_harms_nothing(
    service: Service, open_console: Open, event: str, data: object
) -> None:
    async with at_work(service) as colleague:
        console = await open_console(colleague)
        answer = await console.ask(event, data)
        assert answer["ok"] is False
        assert set(answer["error"]) == {"code", "message"}
        await console.view(None)


async def test_the_demo_begins_anew_and_old_rows_go(
    service: Service, server: Client, customer: Device, open_console: Open
) -> None:
    async with at_work(service) as colleague:
        console = await open_console(colleague)
        conversation_id = await queue(customer, server)
        await server.post("/api/v1/demo/reset")
        await console.until(lambda: {"id": conversation_id} in console.of("gone"), "gone")


async def test_somebody_is_online_while_the_console_is_open(
    service: Service, server: Client, open_console: Open
) -> None:
    async with at_work(service) as colleague:

        async def online() -> bool:
            _, shown = await colleague.get("/api/v1/desk/colleagues")
            return any(entry["online"] for entry in shown["items"] if entry["id"] == colleague.account["id"])

        console = await open_console(colleague)
        assert await online()
        await console.close()

        async def gone() -> bool:
            return not await online()

        await until(gone, "gone")
