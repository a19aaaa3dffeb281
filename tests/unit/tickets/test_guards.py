"""Which change a ticket takes in which state, what must be known before it is done, and the steps of its way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.desk.actors import Actor
from bot.errors import NotAllowed, WrongState
from bot.tickets import guards, stages
from bot.tickets.state import State
from tests.unit.tickets.conftest import House

STATUSES = ("open", "waiting_customer", "approved", "done", "rejected", "withdrawn")
TAKEN = {
    "approved": "yy....",
    "rejected": "yyy...",
    "done": "yyy...",
    "withdrawn": "yyy...",
    "merged": "yyy...",
    "reopened": "...yy.",
    "confirmed": "...y..",
    "note": "yyyyyy",
}
SERVICE = Actor("service")


@pytest.mark.parametrize("change", TAKEN)
@pytest.mark.parametrize("status", STATUSES)
def test_each_change_is_taken_in_its_states_only(change: str, status: str) -> None:
    taken = TAKEN[change][STATUSES.index(status)] == "y"
    if taken:
        guards.check(State(status=status), change)
    else:
        with pytest.raises(WrongState):
            guards.check(State(status=status), change)


@pytest.mark.parametrize("payment", ["sent", "applied"])
@pytest.mark.parametrize("change", ["rejected", "withdrawn", "merged"])
def test_what_the_payment_side_has_cannot_be_taken_back(change: str, payment: str) -> None:
    with pytest.raises(WrongState, match="payment side"):
        guards.check(State(status="approved", payment=payment), change)


def test_a_merged_ticket_takes_nothing() -> None:
    for change in TAKEN:
        with pytest.raises(WrongState):
            guards.check(State(status="open", parent_id="T1"), change)


async def test_a_complaint_is_done_only_when_name_contact_and_symptom_are_known(house: House) -> None:
    number = await house.complaint(await house.talk(None), "快递员态度差")
    detail = await house.desk.one.detail(number)
    assert detail["missing_fields"] == ["name", "contact"]
    with pytest.raises(WrongState, match="missing: name, contact") as refused:
        await house.desk.decide_ticket(number, "done", "agent@shop", "", "agent")
    assert refused.value.code == "missing_fields"
    filled = await house.desk.one.fill(number, {"name": "王女士", "contact": "13800138000"}, SERVICE)
    assert (filled["missing_fields"], filled["contact"]) == ([], "138****8000")
    assert (await house.desk.decide_ticket(number, "done", "agent@shop", "", "agent"))["status"] == "done"


async def test_a_server_with_the_key_may_close_a_complaint_of_which_less_is_known(house: House) -> None:
    number = await house.complaint(await house.talk(None), "快递员态度差")
    assert (await house.desk.decide_ticket(number, "done", "service", ""))["status"] == "done"


async def test_what_is_known_of_the_customer_need_not_be_asked(house: House) -> None:
    number = await house.complaint(await house.talk(), "鞋子开胶", order_no="2026000000000122")
    detail = await house.desk.one.detail(number)
    assert detail["missing_fields"] == []
    assert detail["details"]["name"] == "周建国"
    repair = await house.open(await house.talk(sender="s-2"), type="repair", status="waiting_customer", amount=None)
    assert (await house.desk.one.detail(repair))["missing_fields"] == ["symptom", "tried"]


async def test_a_complaint_goes_its_seven_steps_one_after_the_other(house: House) -> None:
    number = await house.complaint(await house.talk(), "鞋子开胶")
    desk = house.desk.one
    assert (await desk.detail(number))["stages"] == list(stages.SEVEN)
    with pytest.raises(WrongState) as skipped:
        await desk.move(number, "offered", SERVICE)
    assert skipped.value.code == "stage_not_next"
    for stage in ("calmed", "clarified"):
        assert (await desk.move(number, stage, SERVICE))["stage"] == stage
    with pytest.raises(WrongState) as lacking:
        await desk.move(number, "offered", SERVICE)
    assert lacking.value.code == "stage_solution"
    await desk.fill(number, {"solution": "换一双新的"}, SERVICE)
    for stage in ("offered", "agreed", "thanked"):
        assert (await desk.move(number, stage, SERVICE))["stage"] == stage
    assert (await house.desk.decide_ticket(number, "done", "service", ""))["stage"] == "tracked"
    assert (await desk.confirm(number, True, SERVICE, ""))["stage"] == "closed"


async def test_a_remedy_goes_its_four_steps_by_what_happens_to_it(house: House) -> None:
    number = await house.open(await house.talk(), type="reship", amount=None)
    assert (await house.row(number)).stage == "accepted"
    assert (await house.desk.decide_ticket(number, "approved", "service", ""))["stage"] == "agreed"
    assert (await house.desk.decide_ticket(number, "done", "service", ""))["stage"] == "followed"
    reopened = await house.desk.one.confirm(number, False, SERVICE, "还是没收到")
    assert (reopened["stage"], reopened["status"], reopened["reopened"]) == ("accepted", "open", 1)


async def test_a_role_decides_up_to_its_limit_over_an_order(house: House) -> None:
    talk = await house.talk()
    number = await house.open(talk, amount=Decimal("1500.00"))
    with pytest.raises(NotAllowed) as refused:
        await house.desk.decide_ticket(number, "approved", "agent@shop.local", "", "agent")
    assert refused.value.code == "over_limit"
    assert (await house.desk.decide_ticket(number, "approved", "s@shop.local", "", "supervisor"))[
        "status"
    ] == "approved"
    second = await house.open(talk, amount=Decimal("600.00"))
    with pytest.raises(NotAllowed, match="ask: admin"):
        await house.desk.decide_ticket(second, "approved", "s@shop.local", "", "supervisor")
    assert (await house.desk.decide_ticket(second, "approved", "a@shop.local", "", "admin"))["status"] == "approved"
