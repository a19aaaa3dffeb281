"""When a claim is in time: seven days from the day after signing, to the second (PRODUCT 1.7)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.policy.decide import decide
from bot.policy.facts import Claim
from bot.policy.windows import no_reason
from tests.unit.policy.demo_shop import NOW, PACK, line, order

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
    signed = order(line("MUG"), paid_at=SIGNED, shipped_at=SIGNED, signed_at=SIGNED)
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


def test_price_protection_ends_seven_days_after_payment_to_the_second() -> None:
    fallen = order(line("TSHIRT", price="69.00", lowest_price_since_payment=line("TSHIRT", price="59.00").unit_price))
    assert fallen.paid_at is not None
    end = fallen.paid_at + timedelta(days=7)
    assert decide(fallen, Claim("price_protection"), PACK, end).eligible
    late = decide(fallen, Claim("price_protection"), PACK, end + SECOND)
    assert late.refusal is not None
    assert late.refusal.reason == "price_window_over"


def test_an_instant_without_time_zone_is_refused_at_the_door() -> None:
    with pytest.raises(ValueError, match="time zone"):
        decide(order(line("MUG")), Claim("damaged"), PACK, NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="signed_at has no time zone"):
        order(line("MUG"), signed_at=NOW.replace(tzinfo=None))
