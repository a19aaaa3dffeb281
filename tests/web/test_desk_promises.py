"""The shop's word over the console's connection: what must not be promised reaches nobody."""

from __future__ import annotations

from typing import Any

from tests.desk import at_work
from tests.service import Client, Service
from tests.web.conftest import Connect
from tests.web.console import Console

SENDER = "c-cust-001"
TOO_MUCH = "尾号0101这单马上退您500元"  # 79.80 were paid
TONIGHT = "尾号0106今晚十点前给您发出"


async def write(console: Console, conversation_id: str, client_id: str, text: str) -> dict[str, Any]:
    """Send a line as the console does; its acknowledgement."""
    line = {"conversation_id": conversation_id, "client_id": client_id, "text": text}
    answer: dict[str, Any] = await console.ask("message", line)
    return answer


async def test_a_line_that_promises_too_much_is_refused_and_reaches_nobody(
    service: Service, server: Client, connect: Connect
) -> None:
    customer = await connect("cust-001")
    async with at_work(service) as colleague:
        console = await Console(colleague).open()
        await customer.send("转人工")
        await customer.until(lambda: customer.place is not None, "in the queue")
        conversation_id = str((await server.conversation(SENDER))["id"])
        assert (await colleague.at(conversation_id, "accept"))[0] == 200
        await console.view(conversation_id)

        refused = await write(console, conversation_id, "one", TOO_MUCH)
        assert (refused["ok"], refused["error"]["code"]) == (False, "promise_refused")
        detail = refused["error"]["detail"]
        assert detail["rule_id"] == "refund_ceiling"
        assert detail["clause"]
        assert "79.80元" in detail["wording"]

        assert (await write(console, conversation_id, "one", detail["wording"]))["ok"], "what is true may be said"
        assert (await write(console, conversation_id, "two", TONIGHT))["ok"]
        told = [detail["wording"], TONIGHT]
        await customer.until(lambda: customer.texts("agent")[-1:] == [TONIGHT], "the customer reads it")
        assert customer.texts("agent") == told
        await console.until(lambda: console.lines("agent")[-1:] == [TONIGHT], "so does the desk")
        assert console.lines("agent") == told
        lines = (await server.conversation(SENDER))["messages"]
        assert [line["text"] for line in lines if line["role"] == "agent"] == told

        await console.until(lambda: bool(console.of("promise")), "the promise is told")
        promise = console.of("promise")[-1]["promise"]
        status, listed = await server.get("/api/v1/promises", params={"sender": SENDER, "state": "open"})
        assert (status, listed["items"][-1]) == (200, promise)
        assert (promise["kind"], promise["order_no"][-4:]) == ("ship_by", "0106")
        await console.close()
