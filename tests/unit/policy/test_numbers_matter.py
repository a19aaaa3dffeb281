"""Each number of the pack is in force: changing it changes what is decided or what a customer reads."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.policy import windows
from bot.policy.bargain import Goods, Push, Talk, respond
from bot.policy.calendar import due, warnings
from bot.policy.complaints import ComplaintFacts, counts_since, grade
from bot.policy.decide import decide
from bot.policy.explain import as_json
from bot.policy.facts import CAUSES, Claim
from bot.policy.instant import Standing, objection
from bot.policy.limits import ROLES, Kind, may
from bot.policy.pack import Packs, RulePack, load_pack
from bot.policy.penalties import at_risk
from bot.services import constant_fields
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, SHOP, ago, line, order
from tests.unit.policy.test_pack import content, write

Path_ = tuple[str | int, ...]
NUMBER = re.compile(r"\d+(\.\d+)?")
KEPT = {
    "version": "the name of the pack",
    "handoff_words": "words",
    "rules": "texts and the ids of requirements",
    "complaints.grounds.*.level": "the name of a level",
    "complaints.grounds.*.if.words": "words",
}
"""What looks like a number and is none."""


def numbers(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Where each number of a pack stands."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers(inner, (*path, key))
    elif not isinstance(value, bool) and NUMBER.fullmatch(str(value)):
        name = ".".join("*" if isinstance(key, int) else key for key in path)
        if not any(name == kept or name.startswith(f"{kept}.") for kept in KEPT):
            yield path


def with_another(path: Path_) -> dict[str, Any]:
    """The pack with another number there."""
    pack = copy.deepcopy(CONTENT)
    holder: Any = pack
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = _another(holder[path[-1]])
    if path[:2] == ("bargain", "steps"):
        pack["bargain"]["steps"] = ["0.60", "0.25", "0.15"]
    return pack


def _another(number: int | str) -> int | str:
    if isinstance(number, int):
        return number + 1
    places = Decimal(number)
    return f"{places - Decimal('0.01') if places <= 1 else places + 1}"


def decisions(pack: RulePack) -> dict[str, Any]:
    """Many decisions around the limits of the demo pack, and everything else that is decided by it."""
    return {
        "cases": [as_json(decide(*case, pack, now), pack) | {"citation": ""} for *case, now in _cases()],
        "status": [[(r.status, r.insured) for r in decide(*case, pack, now).remedies] for *case, now in _cases()],
        "bargain": [_bargained(goods, pack) for goods in _goods()],
        "roles": [may(role, kind, Decimal(yuan), pack) for role in ROLES for kind, yuan in _sums()],
        "instant": _instant(pack),
        "deadlines": dict(pack.ticket_deadline_hours),
        "grades": [grade(facts, pack) for facts in _complaints()],
        "mass": counts_since(pack, NOW),
        "clocks": [_clock(clock, pack) for clock in pack.clocks],
        "ship_by": windows.ship_by(NOW, pack),
        "risks": [at_risk(penalty.offence, penalty.platform, pack, DEMO["105"]) for penalty in pack.penalties],
    }


def texts(pack: RulePack) -> list[Any]:
    """What people read of it."""
    return [[pack.clause(rule.id) for rule in pack.rules], constant_fields(SHOP, Packs((pack,)), Clock(NOW))]


def _cases() -> Iterator[tuple[Any, ...]]:
    window, second = windows.no_reason(ago(days=1), PACK).end, timedelta(seconds=1)
    facts = order(line("TSHIRT"), freight=Decimal("8.00"), freight_insured=True)
    for cause in CAUSES:
        for now in (NOW, window + second, windows.quality_exchange(ago(days=1), PACK).end + second):
            yield facts, Claim(cause, intact=True), now
    yield order(line("MUG", price="300.00")), Claim("damaged"), NOW
    yield order(line("MUG", price="99.00")), Claim("damaged"), NOW
    yield order(line("MUG", price="200.50")), Claim("damaged"), NOW
    late = order(line("JEANS", price="999.00"), line("MUG"), status="paid", shipped_at=None, signed_at=None)
    yield late, Claim("late_shipping"), NOW
    yield replace(late, paid_at=NOW - timedelta(hours=72, minutes=30)), Claim("late_shipping"), NOW
    fell = DEMO["222"]
    assert fell.paid_at is not None
    seen = replace(fell.lines[0].prices[0], since=fell.paid_at + timedelta(days=7, hours=1))
    later = replace(fell, lines=(replace(fell.lines[0], prices=(seen,)),))
    yield later, Claim("price_protection"), seen.since


def _goods() -> list[Goods]:
    return [
        Goods(Decimal("100.00"), Decimal("80.00")),
        Goods(Decimal("100.00"), Decimal("80.00"), returning=True),
        Goods(Decimal("100.00"), Decimal("80.00"), quantity=2),
    ]


def _bargained(goods: Goods, pack: RulePack) -> list[Any]:
    said, talk = [], Talk()
    for _ in range(5):
        talk, answer = respond(goods, talk, Push("less"), pack.bargain)
        said.append((talk, answer))
    for share in ("0.295", "0.90"):
        talk = Talk()
        for _ in range(4):
            talk, answer = respond(goods, talk, Push("bid", goods.lowest_total * Decimal(share)), pack.bargain)
            said.append((talk, answer))
    return said


def _sums() -> list[tuple[Kind, str]]:
    refunds = ("200.50", "500.50", "2000.50")
    return [("refund", yuan) for yuan in refunds] + [("compensation", yuan) for yuan in ("20.50", "50.50", "200.50")]


def _instant(pack: RulePack) -> list[Any]:
    claim = Claim("no_reason", intact=True)
    remedies = [
        decide(order(line("TSHIRT", price=price)), claim, PACK, NOW).remedies[0] for price in ("69.00", "100.50")
    ]
    histories = [(), tuple(ago(days=each) for each in (1, 2, 3)), tuple(ago(days=each) for each in (1, 2, 90.5))]
    standings = [Standing("vip", history) for history in histories]
    return [objection(remedy, claim, who, pack, NOW) for remedy in remedies for who in standings]


def _complaints() -> list[ComplaintFacts]:
    numbers = [{"customers": 5}, {"complaints": 2}, {"reopened": 2}, {"amount": Decimal("500.00")}]
    return [ComplaintFacts("坏了", **each) for each in numbers]  # type: ignore[arg-type]


def _clock(clock: Any, pack: RulePack) -> Any:
    if clock.span is None:
        return clock.warn_at
    args = (clock.span, clock.time, SHOP.openings)
    return due(NOW, *args).at, warnings(NOW, clock.span, clock.warn_at, clock.time, SHOP.openings)


ONLY_READ = {
    "bargain.price_change_minutes": "how long a colleague has to change a price (bot.desk.bargains)",
}
CONTENT = content()
WHERE = list(numbers(CONTENT))
DECIDING = {
    "no_reason_return", "our_fault", "after_report", "compensation", "late_shipping", "price_protection", "bot_limits",
    "role_limits", "instant_refund", "ticket_deadline_hours", "complaints", "clocks", "freight_insurance",
}  # fmt: skip


def name_of(path: Path_) -> str:
    return ".".join(map(str, path))


@pytest.fixture(scope="module")
def as_it_is() -> tuple[dict[str, Any], list[Any]]:
    return decisions(PACK), texts(PACK)


@pytest.mark.parametrize("path", WHERE, ids=name_of)
def test_another_number_decides_or_reads_otherwise(path: Path_, as_it_is: tuple[dict[str, Any], list[Any]]) -> None:
    pack = RulePack.parse_obj(with_another(path))
    if name_of(path) in ONLY_READ:
        return
    decided, told = as_it_is
    decides_otherwise = decisions(pack) != decided
    assert decides_otherwise or (path[0] not in DECIDING and texts(pack) != told)


TOLD = [
    (("no_reason_return", "window_hours"), "no_reason_window", "168", "169"),
    (("late_shipping", "after_hours"), "late_shipping", "72", "73"),
    (("late_shipping", "cap"), "late_shipping", "30.00", "31.00"),
    (("compensation", "rate"), "compensation", "20%", "19%"),
    (("bot_limits", "refund"), "approval_limit", "200.00", "201.00"),
    (("freight_insurance", "up_to"), "freight_insurance", "12.00", "13.00"),
    (("instant_refund", "up_to"), "instant_refund", "100.00", "101.00"),
    (("refund_arrival", "working_days_to"), "refund_arrival", "1-3", "1-4"),
]


@pytest.mark.parametrize(("path", "rule", "before", "after"), TOLD, ids=[rule for _, rule, *_ in TOLD])
def test_a_clause_says_the_number_that_is_applied(
    path: Path_, rule: str, before: str, after: str, tmp_path: Path, as_it_is: tuple[dict[str, Any], list[Any]]
) -> None:
    pack = load_pack(write(tmp_path, "other.yml", with_another(path)))
    assert before in PACK.clause(rule)
    assert after in pack.clause(rule)
    assert before not in pack.clause(rule)
