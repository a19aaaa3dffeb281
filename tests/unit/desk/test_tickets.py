"""Tickets and approvals: who may move them when, and that the customer hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk import tickets
from bot.errors import BadInput, NotFound, WrongState
from tests.conftest import Customer, Shop


async def ticket_of(
    shop: Shop, *, type: str = "refund", status: str = "open", amount: str | None = "259.00"
) -> tuple[Customer, Any]:
    """A customer with a ticket, as a flow's end opens it."""
    from decimal import Decimal

    from bot.store.models import Conversation

    customer = shop.customer("cust-003")
    await customer.say("你好")
    shown = await customer.conversation()
    async with shop.services.database.session() as session:
        conversation = await session.get(Conversation, shown["id"])
        ticket = await tickets.open_ticket(
            session,
            shop.services,
            conversation,
            type=type,
            status=status,
            now=shop.services.clock.now(),
            order_no="2026000000000122",
            items=[{"sku": "SHOES", "quantity": 1}],
            amount=Decimal(amount) if amount else None,
        )
        await session.commit()
    return customer, ticket.id


async def last_key(customer: Customer) -> str:
    return str((await customer.conversation())["messages"][-1]["keys"][0])


async def test_an_amount_over_the_limit_waits_for_a_person(shop: Shop) -> None:
    customer, number = await ticket_of(shop)
    [approval] = await shop.desk.approvals()
    assert (approval["ticket_id"], approval["amount"], approval["status"]) == (number, "259.00", "pending")
    decided = await shop.desk.decide_approval(approval["id"], "approve", "", "service")
    assert decided["status"] == "approved"
    assert [ticket["status"] for ticket in await customer.tickets()] == ["approved"]
    assert await last_key(customer) == "utter_ticket_approved_refund"
    assert await shop.desk.approvals() == []
    with pytest.raises(WrongState):
        await shop.desk.decide_approval(approval["id"], "reject", "", "service")


async def test_a_person_may_grant_less_but_never_more(shop: Shop) -> None:
    customer, _ = await ticket_of(shop)
    [approval] = await shop.desk.approvals()
    for wrong in ("259.01", "0", "-1", "1.005", "NaN", "viel"):
        with pytest.raises(BadInput):
            await shop.desk.decide_approval(approval["id"], "approve", "", "service", wrong)
    assert (await shop.desk.decide_approval(approval["id"], "approve", "", "service", "200.00"))["amount"] == "200.00"
    [ticket] = await customer.tickets()
    assert (ticket["status"], ticket["amount"]) == ("approved", "200.00")
    assert "200.00" in (await customer.conversation())["messages"][-1]["text"]


async def test_approving_the_ticket_settles_its_approval(shop: Shop) -> None:
    customer, number = await ticket_of(shop, type="return_refund")
    with pytest.raises(WrongState):
        await shop.desk.decide_ticket(number, "done", "service", "")
    assert (await shop.desk.decide_ticket(number, "approved", "service", ""))["status"] == "waiting_customer"
    assert await shop.desk.approvals() == []
    assert (await shop.desk.decide_ticket(number, "done", "service", ""))["status"] == "done"
    assert await last_key(customer) == "utter_ticket_done"
    for status in ("approved", "rejected", "done"):
        with pytest.raises(WrongState):
            await shop.desk.decide_ticket(number, status, "service", "")


@pytest.mark.parametrize(
    ("reason", "key"), [("超过时间了", "utter_ticket_rejected"), ("", "utter_ticket_rejected_plain")]
)
async def test_a_rejection_is_told_with_its_reason_if_there_is_one(shop: Shop, reason: str, key: str) -> None:
    customer, number = await ticket_of(shop)
    assert (await shop.desk.decide_ticket(number, "rejected", "service", reason))["status"] == "rejected"
    assert await shop.desk.approvals() == []
    assert await last_key(customer) == key
    assert reason in (await customer.conversation())["messages"][-1]["text"]


async def test_a_message_that_was_left_is_done_without_an_approval(shop: Shop) -> None:
    _, number = await ticket_of(shop, type="message", amount=None)
    assert await shop.desk.approvals() == []
    assert (await shop.desk.decide_ticket(number, "done", "service", ""))["status"] == "done"


async def test_news_of_a_ticket_reach_the_conversation_that_is_open_now(shop: Shop) -> None:
    customer, number = await ticket_of(shop)
    await shop.desk.close(customer.sender, "")
    await customer.say("你好")
    await shop.desk.decide_ticket(number, "approved", "service", "")
    assert await last_key(customer) == "utter_ticket_approved_refund"
    assert len(await customer.tickets()) == 1


async def test_a_picture_lets_a_waiting_ticket_go_on(shop: Shop) -> None:
    from bot.store.models import Ticket

    _, number = await ticket_of(shop, type="reship", status="waiting_customer", amount=None)
    async with shop.services.database.session() as session:
        ticket = await session.get(Ticket, number)
        picture = {"id": "", "type": "image/jpeg", "url": "https://example.org/1.jpg"}
        await tickets.add_evidence(session, shop.services, ticket, [picture], shop.services.clock.now())
        assert (ticket.status, len(ticket.evidence)) == ("approved", 1)


async def test_nothing_can_be_done_to_what_is_not_there(shop: Shop) -> None:
    with pytest.raises(NotFound):
        await shop.desk.decide_ticket("T999999999999", "approved", "service", "")
    with pytest.raises(NotFound):
        await shop.desk.decide_approval("0" * 32, "approve", "", "service")
    with pytest.raises(BadInput):
        await shop.desk.decide_approval("0" * 32, "maybe", "", "service")
