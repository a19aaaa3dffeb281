"""When a claim is in time: seven days from the day after signing, to the second (PRODUCT 1.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.clock import SHANGHAI
from bot.policy.decide import decide
from bot.policy.facts import Claim
from bot.policy.outcome import Decision
from bot.policy.windows import no_reason
from tests.unit.policy.demo_shop import NOW, PACK, fell, line, order

SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("signed", "start", "end"),
    [
        ("2024-05-01T00:00:01", "2024-05-02", "2024-05-09"),
        ("2024-05-01T15:20:00", "2024-05-02", "2024-05-09"),
        ("2024-05-01T23:59:59", "2024-05-02", "2024-05-09"),
        ("2024-02-28T10:00:00", "2024-02-29", "2024-03-07"),
    ],
)
def test_seven_days_start_on_the_day_after_signing(signed: str, start: str, end: str) -> None:
    window = no_reason(at(signed), PACK)
    assert (window.start, window.end) == (at(start), at(end))


def test_a_signature_told_in_another_time_zone_counts_by_the_day_in_shanghai() -> None:
    signed = datetime.fromisoformat("2024-05-01T16:30:00+00:00")
    assert no_reason(signed, PACK).start == at("2024-05-03")


SIGNED = at("2024-05-01T15:20:00")
LIMITS = [
    ("no_reason", at("2024-05-09"), "window_over"),
    ("exchange_by_wish", at("2024-05-09"), "window_over"),
    ("damaged", at("2024-05-09"), "report_over"),
    ("wrong", at("2024-05-09"), "report_over"),
    ("missing", at("2024-05-09"), "report_over"),
    ("quality", at("2024-06-01"), "quality_over"),
]


@pytest.mark.parametrize(("cause", "end", "reason"), LIMITS)
def test_the_last_second_is_in_and_the_next_is_out(cause: str, end: datetime, reason: str) -> None:
    signed = order(line("TSHIRT"), paid_at=SIGNED, shipped_at=SIGNED, signed_at=SIGNED)
    assert decide(signed, Claim(cause), PACK, end).eligible
    late = decide(signed, Claim(cause), PACK, end + SECOND)
    assert late.refusal is not None
    assert (late.refusal.reason, late.refusal.fields["ends_at"]) == (reason, end)


def test_a_claim_on_the_day_of_signing_is_in() -> None:
    signed = order(line("MUG"), paid_at=SIGNED, shipped_at=SIGNED, signed_at=SIGNED)
    assert decide(signed, Claim("no_reason"), PACK, SIGNED + SECOND).eligible


def test_quality_trouble_gets_less_the_older_it_is() -> None:
    bought = order(line("EARBUDS"), paid_at=SIGNED, shipped_at=SIGNED, signed_at=SIGNED)
    stages = {
        at("2024-05-09"): ["exchange", "return_refund", "compensation"],
        at("2024-05-09") + SECOND: ["exchange"],
        at("2024-06-01"): ["exchange"],
        at("2024-06-01") + SECOND: ["repair"],
        at("2025-05-02"): ["repair"],
        at("2025-05-02") + SECOND: [],
    }
    for now, solutions in stages.items():
        assert [r.solution for r in decide(bought, Claim("quality"), PACK, now).remedies] == solutions, now


def test_a_warranty_claim_is_repaired_and_never_loses_what_quality_trouble_would_get() -> None:
    bought = order(line("EARBUDS"), paid_at=SIGNED, shipped_at=SIGNED, signed_at=SIGNED)
    fresh = decide(bought, Claim("warranty"), PACK, SIGNED + SECOND)
    assert [r.solution for r in fresh.remedies] == ["repair", "exchange", "return_refund", "compensation"]
    old = decide(bought, Claim("warranty"), PACK, at("2025-05-02"))
    assert [r.solution for r in old.remedies] == ["repair"]
    over = decide(bought, Claim("warranty"), PACK, at("2025-05-02") + SECOND)
    assert over.refusal is not None
    assert over.refusal.reason == "warranty_over"


def test_repair_of_a_whole_order_is_promised_only_as_far_as_every_product_is_covered() -> None:
    mixed = order(line("EARBUDS"), line("MUG"), paid_at=SIGNED, shipped_at=SIGNED, signed_at=SIGNED)
    now = at("2024-08-01")
    whole = decide(mixed, Claim("warranty"), PACK, now)
    assert whole.refusal is not None
    assert (whole.refusal.reason, whole.refusal.fields["item"]) == ("no_warranty", "手绘陶瓷马克杯")
    assert decide(mixed, Claim("warranty", "EARBUDS"), PACK, now).eligible


def test_a_price_must_fall_within_seven_days_of_payment_to_the_second_and_may_be_claimed_later() -> None:
    paid_at = at("2026-03-01")
    end = paid_at + timedelta(days=7)

    def claimed(fell_at: datetime, now: datetime) -> Decision:
        fallen = order(line("TSHIRT", price="69.00", prices=fell("59.00", fell_at)), paid_at=paid_at)
        return decide(fallen, Claim("price_protection"), PACK, now)

    assert claimed(end, end).eligible
    assert claimed(end, end + timedelta(days=3)).remedies[0].amount == Decimal("10.00")
    late = claimed(end + SECOND, end + timedelta(days=3)).refusal
    assert late is not None
    assert (late.reason, late.fields["ends_at"]) == ("price_window_over", end)


def test_activity_prices_count_only_where_the_pack_says_so() -> None:
    section = PACK.price_protection.copy(update={"activity_prices_count": False})
    strict = PACK.copy(update={"price_protection": section})
    fallen = order(line("TSHIRT", price="69.00", prices=fell("59.00", NOW)))
    refusal = decide(fallen, Claim("price_protection"), strict, NOW).refusal
    assert refusal is not None
    assert refusal.reason == "price_not_fallen"
    lowered = replace(fell("64.00")[0], activity=False)
    listed = order(line("TSHIRT", price="69.00", prices=(*fell("59.00"), lowered)))
    assert decide(listed, Claim("price_protection"), strict, NOW).remedies[0].amount == Decimal("5.00")


def test_an_instant_without_time_zone_is_refused_at_the_door() -> None:
    with pytest.raises(ValueError, match="time zone"):
        decide(order(line("MUG")), Claim("damaged"), PACK, NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="signed_at has no time zone"):
        order(line("MUG"), signed_at=NOW.replace(tzinfo=None))
