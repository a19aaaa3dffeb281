"""The golden vectors of the product's description, as a table (golden.yml)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clock import SHANGHAI
from bot.policy import money, windows
from bot.policy.calendar import due, warnings
from bot.policy.complaints import ComplaintFacts, grade
from bot.policy.decide import decide
from bot.policy.explain import as_json
from bot.policy.facts import Claim, Claimed
from bot.policy.pack import Packs
from bot.policy.penalties import at_risk
from tests.unit.policy.demo_shop import NOW, PACK, line, order
from tests.unit.policy.test_pack import content, write

Row = Mapping[str, Any]
ROWS: list[Row] = yaml.safe_load(Path(__file__).with_name("golden.yml").read_text(encoding="utf-8"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def window(row: Row) -> dict[str, Any]:
    found = windows.no_reason(at(row["signed"]), PACK)
    return {"start": str(found.start)[:19], "end": str(found.end)[:19]}


def returned(row: Row) -> dict[str, Any]:
    signed = at(row["signed"])
    facts = order(line("TSHIRT"), paid_at=signed, shipped_at=signed, signed_at=signed)
    return {"eligible": decide(facts, Claim("no_reason", intact=True), PACK, at(row["asked"])).eligible}


def ship_by(row: Row) -> dict[str, Any]:
    return {"due": str(windows.ship_by(at(row["paid"]), PACK))[:19]}


def shipped(row: Row) -> dict[str, Any]:
    scanned = at(row["scanned"])
    facts = order(line("TSHIRT"), status="shipped", paid_at=at(row["paid"]), shipped_at=scanned, signed_at=None)
    decision = decide(facts, Claim("late_shipping"), PACK, scanned + timedelta(days=1))
    assert decision.eligible or (decision.refusal and decision.refusal.reason == "shipped_in_time")
    return {"late": decision.eligible}


def late_pay(row: Row) -> dict[str, Any]:
    facts = order(line("TSHIRT", price=row["price"]), status="paid", shipped_at=None, signed_at=None)
    remedies = decide(facts, Claim("late_shipping"), PACK, NOW).remedies
    return {"amount": str(remedies[0].amount) if remedies else "0.00"}


def exempt(row: Row) -> dict[str, Any]:
    paid = NOW - timedelta(hours=row["hours"])
    facts = order(line(row["sku"]), status="paid", paid_at=paid, shipped_at=None, signed_at=None)
    refusal = decide(facts, Claim("late_shipping"), PACK, NOW).refusal
    risk = at_risk("late_shipping", "taobao", PACK, facts)
    return {"refused": refusal and refusal.reason, "points": risk.points, "yuan": str(risk.yuan)}


def refund(row: Row) -> dict[str, Any]:
    pending = tuple(Claimed("SHOES", 1, Decimal(amount), "T1", "open") for amount in row["pending"])
    facts = order(line("SHOES", price=row["paid"]), claimed=pending)
    return {"blocked": money.objection(facts, Decimal(row["amount"]), row["reason"])}


def clause(row: Row) -> dict[str, Any]:
    return {"says": row["says"] if row["says"] in PACK.clause(row["rule"]) else PACK.clause(row["rule"])}


def clock(row: Row) -> dict[str, Any]:
    found, start = PACK.clock(row["id"]), at(row["start"])
    assert found.span is not None
    platform = row["penalty"]["platform"]
    return {
        "due": str(due(start, found.span, found.time).at)[:19],
        "warned": [str(each)[:19] for each in warnings(start, found.span, found.warn_at, found.time)],
        "penalty": {"platform": platform, "points": at_risk(found.offence, platform, PACK).points},
    }


def graded(row: Row) -> dict[str, Any]:
    return {"level": grade(ComplaintFacts("还是没解决", reopened=row["reopened"]), PACK).level}


KINDS: Mapping[str, Callable[[Row], dict[str, Any]]] = {
    each.__name__: each
    for each in (window, returned, ship_by, shipped, late_pay, exempt, refund, clause, clock, graded)
}


@pytest.mark.parametrize("row", [row for row in ROWS if row["is"] in KINDS], ids=lambda row: row["case"])
def test_a_golden_vector_comes_out(row: Row) -> None:
    found = KINDS[row["is"]](row)
    assert found == {key: row[key] for key in found}


@pytest.mark.parametrize("row", [row for row in ROWS if row["is"] == "version"], ids=lambda row: row["case"])
def test_the_pack_of_the_payment_rules_whenever_the_return_is_opened(row: Row, tmp_path: Path) -> None:
    old = content() | {"version": "old", "effective_from": datetime(2014, 3, 15).date()}
    new = content() | {"version": "new", "effective_from": datetime(2017, 3, 22).date()}
    write(tmp_path, "2014-03-15.yml", old | {"no_reason_return": {"window_hours": 48}})
    write(tmp_path, "2017-03-22.yml", new)
    paid, opened = at(row["paid"]), at(row["opened"])
    pack = Packs.load(tmp_path).for_payment(paid)
    facts = order(line("TSHIRT"), paid_at=paid, shipped_at=paid, signed_at=paid + timedelta(minutes=1))
    told = as_json(decide(facts, Claim("no_reason", intact=True), pack, opened), pack)
    assert pack.version == row["pack"]
    assert f"{row['pack']} 版" in told["citation"]
    assert told["eligible"] == (row["pack"] == "new")


def test_every_row_is_tried() -> None:
    assert {row["is"] for row in ROWS} == {*KINDS, "version"}
