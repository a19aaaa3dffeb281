"""Orders in several parcels: what is under way is not missing yet, what came can be claimed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.arrival import arrived_at
from bot.policy.decide import decide
from bot.policy.facts import Cause, Claim, ParcelFacts
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, ago, line, order

TWO = DEMO["124"]
"""Mugs and nuts came a day ago; tissues and the gift are under way."""


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (Claim("missing", "MUG", 1), None),
        (Claim("missing", "NUTS"), None),
        (Claim("missing", "TISSUE"), "not_signed"),
        (Claim("missing", "TISSUE", 2, part="单包"), "not_signed"),
        (Claim("missing"), "not_signed"),
        (Claim("gift_missing"), "not_signed"),
        (Claim("gift_missing", gift="湿巾1包"), "not_signed"),
        (Claim("damaged", "MUG", 1), None),
        (Claim("damaged", "TISSUE"), "not_signed"),
        (Claim("quality", "NUTS"), None),
    ],
)
def test_a_claim_waits_for_the_parcel_of_its_goods(claim: Claim, reason: str | None) -> None:
    refusal = decide(TWO, claim, PACK, NOW).refusal
    assert (refusal and refusal.reason) == reason


def test_the_time_to_report_runs_from_the_parcel_of_the_goods() -> None:
    late = replace(TWO, parcels=(ParcelFacts({"MUG": 2}, signed_at=ago(days=9)), *TWO.parcels[1:]))
    refusal = decide(late, Claim("missing", "MUG", 1), PACK, NOW).refusal
    assert refusal is not None
    assert refusal.reason == "report_over"


def test_of_goods_in_two_parcels_nothing_is_missing_before_both_came() -> None:
    some = ParcelFacts({"MANGO": 2}, signed_at=ago(days=1))
    split = order(line("MANGO", 3), signed_at=None, status="shipped", parcels=(some, ParcelFacts({"MANGO": 1})))
    assert arrived_at(split, Claim("missing", "MANGO", 1)) is None
    assert arrived_at(split, Claim("damaged", "MANGO", 1)) == ago(days=1)


@given(
    st.sampled_from(("missing", "gift_missing", "damaged", "wrong")), st.lists(st.booleans(), min_size=2, max_size=4)
)
def test_goods_arrived_at_the_latest_when_everything_came(cause: Cause, came: list[bool]) -> None:
    parcels = tuple(
        ParcelFacts({"MUG": 1}, ("湿巾1包",), ago(days=n) if there else None) for n, there in enumerate(came, start=1)
    )
    now = replace(TWO, parcels=parcels)
    arrived = arrived_at(now, Claim(cause) if cause == "gift_missing" else Claim(cause, "MUG", 1))
    signed = [parcel.signed_at for parcel in parcels if parcel.signed_at]
    if cause in ("missing", "gift_missing"):
        assert arrived == (max(signed) if all(came) else None)
    else:
        assert arrived == max(signed, default=None)
