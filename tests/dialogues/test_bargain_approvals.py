"""A price below the floor is really put to a person: agreed, refused or forgotten, the customer hears the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import Clock
from bot.desk import bargains
from bot.desk.service import Desk
from bot.errors import BadInput, WrongState
from tests.conftest import NIGHT, NOON, Customer, Shop


async def ask_for(shop: Shop, price: str) -> tuple[Customer, dict[str, Any]]:
    """A customer whose bid for the lamp (159, floor 149) is with a person."""
    customer = shop.customer()
    for line in ("台灯能便宜点吗", "再少点", f"{price}行不行"):
        keys = await customer.say(line)
    assert keys[0] in ("utter_ask_bid_asked", "utter_ask_bid_asked_closed")
    (approval,) = await shop.desk.approvals()
    return customer, approval


async def last_said(customer: Customer) -> tuple[list[str], str]:
    message = (await customer.conversation())["messages"][-1]
    return message["keys"], message["text"]


def later(shop: Shop, time: timedelta) -> Desk:
    """The desk after a while."""
    services = replace(shop.services, clock=Clock(shop.services.clock.now() + time))
    return Desk(services, shop.spine._hub)


async def test_an_approval_says_what_it_is_about_and_until_when(shop: Shop) -> None:
    _, approval = await ask_for(shop, "130")
    assert (approval["kind"], approval["amount"], approval["ticket_id"]) == ("bargain", "130.00", None)
    assert approval["subject"] == {"sku": "LAMP", "product": "护眼台灯", "quantity": 1, "offered": "149.00"}
    assert approval["due_at"][:16] == "2026-03-04T15:30"
    assert "130.00" in approval["request"]


@pytest.mark.parametrize(("granted", "total"), [(None, "130.00"), ("140", "140.00")])
async def test_an_agreed_price_becomes_the_deal(shop: Shop, granted: str | None, total: str) -> None:
    customer, approval = await ask_for(shop, "130")
    await shop.desk.decide_approval(approval["id"], "approve", "", "boss", granted)
    keys, text = await last_said(customer)
    assert keys == ["utter_bargain_approved"]
    assert total in text
    assert await customer.say("再少点") == ["utter_ask_bid_granted"]
    assert await customer.say("就这个价") == ["utter_ask_confirmed_price"]
    assert await customer.say("对的") == ["utter_bargain_agreed"]
    (ticket,) = await customer.tickets()
    assert (ticket["amount"], ticket["rule_ids"]) == (total, ["bargain", "bargain_approval"])
    assert (await customer.conversation())["owner"] == "bot"


async def test_a_refused_price_leaves_the_offer_and_nobody_is_asked_again(shop: Shop) -> None:
    customer, approval = await ask_for(shop, "130")
    await shop.desk.decide_approval(approval["id"], "reject", "成本太高", "boss")
    keys, text = await last_said(customer)
    assert keys == ["utter_bargain_rejected_why"]
    assert "成本太高" in text
    assert "149.00元" in text
    assert await customer.say("130吧") == ["utter_ask_bid_lowest"]
    assert await shop.desk.approvals() == []
    assert await customer.say("那行，就这个价") == ["utter_ask_confirmed_price"]


async def test_a_price_granted_for_one_piece_is_none_for_two(shop: Shop) -> None:
    customer, approval = await ask_for(shop, "130")
    await shop.desk.decide_approval(approval["id"], "approve", "", "boss")
    await customer.say("要两件，260")
    assert "260" not in "".join(message.text for message in customer.seen if "confirmed" in message.keys[0])
    assert await customer.tickets() == []


@pytest.mark.parametrize("amount", ["129.99", "149.01", "0", "-1", "abc", "135.001"])
async def test_a_person_grants_nothing_below_the_bid_or_above_the_offer(shop: Shop, amount: str) -> None:
    _, approval = await ask_for(shop, "130")
    with pytest.raises(BadInput):
        await shop.desk.decide_approval(approval["id"], "approve", "", "boss", amount)
    assert len(await shop.desk.approvals()) == 1


async def test_a_person_who_is_late_finds_it_expired_and_the_customer_is_told(shop: Shop) -> None:
    customer, approval = await ask_for(shop, "130")
    desk = later(shop, timedelta(minutes=31))
    with pytest.raises(WrongState):
        await desk.decide_approval(approval["id"], "approve", "", "boss")
    assert await shop.desk.expire_bargains() == 0
    assert [await desk.expire_bargains(), await desk.expire_bargains()] == [1, 0]
    keys, text = await last_said(customer)
    assert keys == ["utter_bargain_expired"]
    assert "149.00元" in text
    assert await desk.approvals() == []


async def test_an_accepted_offer_ends_the_question_to_the_person(shop: Shop) -> None:
    customer, _ = await ask_for(shop, "130")
    await customer.say("就这个价")
    await customer.say("对的")
    assert await shop.desk.approvals() == []
    assert [ticket["amount"] for ticket in await customer.tickets()] == ["149.00"]


async def test_the_other_conversation_does_not_see_what_was_granted(shop: Shop) -> None:
    _, approval = await ask_for(shop, "130")
    await shop.desk.decide_approval(approval["id"], "approve", "", "boss")
    other = shop.customer()
    await other.say("台灯130行不行")
    assert other.keys[-1] == "utter_ask_bid_value"


@pytest.mark.parametrize(
    ("now", "minutes", "until"),
    [
        (NOON, 30, "2026-03-04T15:30"),
        (NIGHT, 30, "2026-03-05T09:30"),
        (datetime.fromisoformat("2026-03-04T12:20:00+08:00"), 30, "2026-03-04T13:50"),
        (datetime.fromisoformat("2026-03-04T21:45:00+08:00"), 30, "2026-03-05T09:15"),
    ],
)
def test_a_time_limit_counts_while_people_are_there(
    open_shop: Callable[[datetime], Shop], now: datetime, minutes: int, until: str
) -> None:
    shop = open_shop(NOON).services.shop
    assert bargains.while_open(shop, now, minutes).isoformat()[:16] == until
