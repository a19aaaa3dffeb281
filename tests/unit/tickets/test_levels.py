"""How grave a complaint is: by its words, its customer, how often it came back, how many have the same trouble."""

from __future__ import annotations

from bot.desk.actors import Actor
from bot.desk.work import Work
from bot.store.models import Ticket
from bot.tickets import changes, levels
from tests.unit.tickets.conftest import ORDER, House

SERVICE = Actor("service")


async def done_and_again(house: House, number: str) -> dict[str, object]:
    await house.desk.decide_ticket(number, "done", "service", "")
    return await house.desk.one.confirm(number, False, SERVICE, "还没解决")


async def test_a_complaint_that_came_back_twice_is_of_the_second_level(house: House) -> None:
    number = await house.complaint(await house.talk("cust-001"), "鞋子开胶")
    first = await house.desk.one.detail(number)
    assert (first["level"], first["rule_ids"]) == ("1", ["complaint_1"])
    assert first["due_at"][:16] == "2026-03-05T15:00"
    assert (await done_and_again(house, number))["level"] == "1"
    again = await done_and_again(house, number)
    assert (again["level"], again["reopened"], again["rule_ids"]) == ("2", 2, ["complaint_2"])
    assert "2" in str(again["level_reason"])
    assert str(again["due_at"])[:16] == "2026-03-06T15:00"


async def test_further_words_raise_the_level_and_never_lower_it(house: House) -> None:
    number = await house.complaint(await house.talk("cust-001"), "发货太慢")

    async def say(text: str, talk: str) -> None:
        async def act(work: Work) -> None:
            ticket = await work.session.get(Ticket, number)
            await changes.note(work.session, ticket, text, (), work.now, talk)
            await levels.grade(work.session, work.services, ticket, text, work.now, "bot")

        await house.do(act)

    first = await house.row(number)
    own, promised = first.conversation_id, first.due_at
    await say("到底发不发", own)
    assert (await house.row(number)).level == "1", "what is said in one talk is one complaint"
    await say("再不发我打12315", own)
    assert (await house.row(number)).level == "3"
    assert "12315" in (await house.row(number)).level_reason
    await say("好吧", own)
    last = await house.row(number)
    assert (last.level, last.due_at) == ("3", promised), "who was told a day does not wait for three"


async def test_a_vip_is_special_and_the_matter_keeps_its_own_gravity(house: House) -> None:
    number = await house.complaint(await house.talk("cust-002"), "发货太慢")
    state = await house.row(number)
    assert (state.level, state.gravity, state.priority) == ("special", "1", "high")
    assert state.rule_ids == ("complaint_special", "complaint_1")


async def test_the_amount_asked_for_counts(house: House) -> None:
    number = await house.complaint(await house.talk("cust-001"), "我要赔偿")
    assert (await house.desk.one.fill(number, {"claimed": "800.00"}, SERVICE))["level"] == "2"


async def test_one_trouble_of_many_customers_is_a_mass_complaint(house: House) -> None:
    numbers = []
    for count, customer in enumerate(("cust-001", "cust-003", "cust-004", "cust-005", "cust-006")):
        talk = await house.talk(customer, sender=f"s-{count}")
        numbers.append(await house.complaint(talk, "鞋子开胶", order_no=ORDER))
    states = [await house.row(number) for number in numbers]
    assert [state.priority for state in states] == ["normal"] * 4 + ["mass"]
    assert [state.level for state in states] == ["1"] * 4 + ["3"]
    late = house.later(days=8)
    alone = await late.complaint(await late.talk("cust-009", sender="s-9"), "鞋子开胶", order_no=ORDER)
    assert (await late.row(alone)).priority == "normal"
