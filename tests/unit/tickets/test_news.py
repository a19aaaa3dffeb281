"""The customer hears of each change once, in order, and at night only where the shop says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from bot.desk.actors import Actor
from bot.errors import BadInput, NotAllowed, WrongState
from bot.orders.refunds import Refused
from bot.store.models import Order
from bot.tickets import due, telling
from tests.conftest import NIGHT
from tests.unit.tickets.conftest import House

SERVICE = Actor("service")


async def test_news_at_night_wait_for_the_morning_and_come_in_order_and_once(
    open_house: Callable[[datetime], House],
) -> None:
    night = open_house(NIGHT).quiet()
    number = await night.open(await night.talk(), type="return_refund")
    await night.desk.decide_ticket(number, "approved", "service", "")
    await night.desk.decide_ticket(number, "approved", "service", "")
    assert await night.keys() == []
    assert await telling.tell_due(night.services, night.hub) == 0
    morning = night.later(hours=10)
    told = await asyncio.gather(*(telling.tell_due(morning.services, morning.hub) for _ in range(3)))
    assert sum(told) == 2
    assert await night.keys() == ["utter_ticket_approved_return_refund", "utter_ticket_goods_back_return_refund"]
    assert await telling.tell_due(morning.services, morning.hub) == 0


async def test_what_comes_in_the_morning_stands_behind_what_waits(open_house: Callable[[datetime], House]) -> None:
    night = open_house(NIGHT).quiet()
    number = await night.open(await night.talk(), type="reship", amount=None)
    await night.desk.decide_ticket(number, "approved", "service", "")
    morning = night.later(hours=10)
    await morning.desk.decide_ticket(number, "done", "service", "")
    assert await morning.keys() == ["utter_ticket_approved_reship", "utter_ticket_done"]


async def test_a_shop_that_does_not_mind_tells_at_night(open_house: Callable[[datetime], House]) -> None:
    night = open_house(NIGHT)
    number = await night.open(await night.talk(), type="reship", amount=None)
    await night.desk.decide_ticket(number, "approved", "service", "")
    assert await night.keys() == ["utter_ticket_approved_reship"]


async def test_who_is_late_says_so_once(house: House) -> None:
    number = await house.open(await house.talk(), type="reship", status="approved", amount=None)
    assert await due.mark_late(house.services, house.hub) == 0
    late = house.later(hours=25)
    assert sum(await asyncio.gather(*(due.mark_late(late.services, late.hub) for _ in range(3)))) == 1
    assert await late.keys() == ["utter_ticket_late"]
    assert number in (await late.told())[-1]["text"]


async def test_a_refund_goes_from_the_log_to_the_payment_side_and_is_told(house: House) -> None:
    number = await house.open(await house.talk(), amount=Decimal("200.00"))
    await house.desk.decide_ticket(number, "approved", "service", "")
    await house.rounds()
    assert (await house.row(number)).payment == "asked", "it may still be taken back"
    later = house.later(minutes=31)
    await asyncio.gather(*(later.rounds() for _ in range(3)))
    assert (await house.row(number)).payment == "applied"
    assert await house.keys() == ["utter_ticket_approved_refund", "utter_ticket_refund_applied"]
    card = (await house.told())[-1]["cards"][0]
    assert (card["type"], card["amount"], card["ref"]) == ("refund", "200.00", number)
    async with house.services.database.session() as session:
        order = await session.get(Order, "2026000000000122")
    assert (order.refund["ticket"], order.refund["amount"]) == (number, "200.00")
    with pytest.raises(WrongState):
        await house.desk.decide_ticket(number, "rejected", "service", "")


async def test_done_is_said_only_when_the_payment_side_said_so(house: House) -> None:
    talk = await house.talk()
    first = await house.open(talk, amount=Decimal("250.00"), status="approved")
    assert (await house.desk.decide_ticket(first, "done", "service", ""))["payment"] == "applied"
    second = await house.open(talk, amount=Decimal("250.00"), status="approved")
    with pytest.raises(WrongState) as refused:
        await house.desk.decide_ticket(second, "done", "service", "")
    assert (refused.value.code, (await house.row(second)).payment) == ("payment_open", "refused")
    assert (await house.row(second)).status == "approved"


async def test_a_refund_that_is_taken_back_in_time_is_never_asked_for(house: House) -> None:
    number = await house.open(await house.talk(), status="approved")
    await house.desk.decide_ticket(number, "rejected", "service", "")
    later = house.later(hours=1)
    await later.rounds()
    assert (await house.row(number)).payment == "none"


async def test_the_payment_side_pays_a_ticket_once_and_no_more_than_was_paid(house: House) -> None:
    number = await house.open(await house.talk(), status="approved")
    asked = (number, "2026000000000122", Decimal("259.00"))
    assert await house.refunds.refund(*asked) == await house.refunds.refund(*asked)
    other = await house.open(await house.talk(sender="s-2"), status="approved")
    assert isinstance(await house.refunds.refund(other, *asked[1:]), Refused)


async def test_a_duplicate_goes_into_the_first_and_is_told_once(house: House) -> None:
    talk = await house.talk()
    first, second = [await house.open(talk, type="reship", amount=None, reason=str(n)) for n in range(2)]
    shown = await house.desk.one.merge(second, first, SERVICE)
    assert (shown["status"], shown["parent_id"]) == ("withdrawn", first)
    assert await house.keys() == ["utter_ticket_merged"]
    for verb in ("approved", "rejected", "done"):
        with pytest.raises(WrongState) as refused:
            await house.desk.decide_ticket(second, verb, "service", "")
        assert refused.value.code == "ticket_merged"
    with pytest.raises(WrongState):
        await house.desk.one.merge(first, second, SERVICE)
    assert "duplicate" in [event["kind"] for event in (await house.desk.one.detail(first))["events"]]


async def test_news_of_a_ticket_stop_when_it_is_merged(open_house: Callable[[datetime], House]) -> None:
    night = open_house(NIGHT).quiet()
    talk = await night.talk()
    first, second = [await night.open(talk, type="reship", amount=None) for _ in range(2)]
    await night.desk.decide_ticket(second, "approved", "service", "")
    await night.desk.one.merge(second, first, SERVICE)
    morning = night.later(hours=10)
    await telling.tell_due(morning.services, morning.hub)
    assert await morning.keys() == ["utter_ticket_merged"]


async def test_only_one_matter_of_one_customer_is_merged(house: House) -> None:
    number = await house.open(await house.talk(), type="reship", amount=None)
    for other in (
        await house.open(await house.talk("cust-001", "s-2"), type="reship", amount=None),
        await house.open(await house.talk(sender="s-3"), type="exchange", amount=None),
    ):
        with pytest.raises(WrongState) as refused:
            await house.desk.one.merge(number, other, SERVICE)
        assert refused.value.code == "not_duplicates"
    with pytest.raises(BadInput):
        await house.desk.one.merge(number, number, SERVICE)
    money = [await house.open(await house.talk(sender=f"s-{n}")) for n in (4, 5)]
    with pytest.raises(NotAllowed):
        await house.desk.one.merge(money[0], money[1], Actor("agent", 1, "a@shop.local"))


async def test_phones_in_a_message_are_masked_where_tickets_are_listed(house: House) -> None:
    number = await house.open(
        await house.talk(), type="message", order_no=None, items=[], amount=None, reason="请打13800138000"
    )
    assert [ticket["reason"] for ticket in await house.desk.tickets_of("s-1")] == ["请打138****8000"]
    assert (await house.desk.one.detail(number))["reason"] == "请打13800138000", "whoever opens it is to call back"


async def test_links_are_seen_from_both_sides_and_once(house: House) -> None:
    talk = await house.talk()
    first, second = await house.open(talk), await house.complaint(talk, "退款太慢")
    for a, b in ((first, second), (second, first)):
        await house.desk.one.link(a, b, "related", SERVICE)
    assert (await house.desk.one.detail(first))["links"] == [{"ticket": second, "kind": "related"}]
    assert (await house.desk.one.detail(second))["links"] == [{"ticket": first, "kind": "related"}]


async def test_silence_closes_what_was_done_and_an_answer_may_still_come(house: House) -> None:
    number = await house.open(await house.talk(), type="reship", status="approved", amount=None)
    await house.desk.decide_ticket(number, "done", "service", "")
    soon, later = house.later(days=2), house.later(days=3, minutes=1)
    assert await due.confirm_by_silence(soon.services, soon.hub) == 0
    assert await due.confirm_by_silence(later.services, later.hub) == 1
    assert await due.confirm_by_silence(later.services, later.hub) == 0
    state = await house.row(number)
    assert (state.stage, state.result_confirmed_at, state.status) == ("closed", None, "done")
    assert (await later.desk.one.confirm(number, True, SERVICE, ""))["result_confirmed_at"]
