"""The engine and a second, independently written opinion agree on eligibility, amount and who pays freight."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import event, given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.policy.decide import decide
from bot.policy.facts import Claim, Claimed, LineFacts, OrderFacts, Wanted
from bot.policy.outcome import Remedy
from tests.unit.policy import oracle
from tests.unit.policy.demo_shop import PACK, line, order
from tests.unit.policy.often import often

SKUS = ("TSHIRT", "MUG", "MANGO", "UNDERWEAR", "KEYRING", "DOWN", "EARBUDS")
START = datetime(2026, 1, 10, 9, 30, tzinfo=SHANGHAI)
seconds = st.integers(0, 15 * oracle.DAY) | st.sampled_from([0, 1, 72 * 3600, 72 * 3600 + 1])
yuan = st.integers(1, 90000).map(lambda fen: Decimal(fen) / 100)
known = st.none() | st.booleans()


def fen(amount: Decimal) -> int:
    return int(amount * 100)


@st.composite
def matters(draw: st.DrawFn, cause: str) -> tuple[OrderFacts, Claim, datetime, oracle.Matter]:
    """A signed or late order as the engine reads it and as the oracle does."""
    skus = draw(st.lists(st.sampled_from(SKUS), min_size=1, max_size=3, unique=True))
    lines = tuple(line(sku, draw(st.integers(1, 4)), str(draw(yuan)), stock=None) for sku in skus)
    freight = draw(st.sampled_from([Decimal("0.00"), Decimal("8.00")]))
    claimed = () if cause == "late_shipping" else draw(st.lists(earlier(lines), max_size=2, unique_by=lambda c: c.sku))
    paid_at = START
    shipped_at = paid_at + timedelta(seconds=draw(seconds))
    under_way = cause == "late_shipping" and draw(st.booleans())
    signed_at = None if under_way else shipped_at + timedelta(seconds=draw(seconds))
    status = "signed" if signed_at else draw(st.sampled_from(["paid", "shipped"]))
    shipped = None if status == "paid" else shipped_at
    facts = order(
        *lines,
        status=status,
        freight=freight,
        paid=sum((each.price for each in lines), freight) - draw(st.sampled_from([Decimal("0.00"), Decimal("0.01")])),
        paid_at=paid_at,
        shipped_at=shipped,
        signed_at=signed_at,
        claimed=tuple(claimed),
        freight_insured=draw(st.booleans()),
    )
    now = draw(instants(facts))
    free = {each.sku: each.quantity - sum(c.quantity for c in claimed if c.sku == each.sku) for each in lines}
    taken = draw(pieces(free)) if cause != "late_shipping" else {}
    claim = Claim(
        cause,  # type: ignore[arg-type]
        opened=draw(known),
        intact=draw(known),
        several=tuple(Wanted(sku, count) for sku, count in taken.items()),
    )
    return facts, claim, now, as_matter(facts, claim, now, free, taken)


def earlier(lines: tuple[LineFacts, ...]) -> st.SearchStrategy[Claimed]:
    """Some pieces of a line that went to an earlier refund."""
    return st.sampled_from(lines).flatmap(
        lambda each: st.builds(
            lambda quantity, share: Claimed(
                each.sku, quantity, (each.unit_price * quantity * share / 4).quantize(Decimal("0.01")), "T1", "open"
            ),
            st.integers(1, each.quantity),
            st.integers(0, 4),
        )
    )


@st.composite
def instants(draw: st.DrawFn, facts: OrderFacts) -> datetime:
    """Any time after the last event, or just at an edge."""
    latest = facts.signed_at or facts.shipped_at or facts.paid_at
    assert latest is not None
    edges = [datetime.fromtimestamp(oracle.last_second(int(latest.timestamp())), SHANGHAI)]
    edge = draw(st.sampled_from([*edges, START + timedelta(hours=72)]))
    near = edge + timedelta(seconds=draw(st.sampled_from([-1, 0, 1])))
    return draw(st.sampled_from([max(near, latest), latest + timedelta(seconds=draw(seconds))]))


@st.composite
def pieces(draw: st.DrawFn, free: dict[str, int]) -> dict[str, int]:
    """What is claimed now, by sku; empty: all that is free."""
    having = [sku for sku, count in free.items() if count > 0]
    if not having or draw(st.booleans()):
        return {}
    chosen = draw(st.lists(st.sampled_from(having), min_size=1, unique=True))
    return {sku: draw(st.integers(1, free[sku])) for sku in chosen}


def as_matter(
    facts: OrderFacts, claim: Claim, now: datetime, free: dict[str, int], taken: dict[str, int]
) -> oracle.Matter:
    def at(instant: datetime | None) -> int | None:
        return None if instant is None else int(instant.timestamp())

    goods = tuple(
        oracle.Goods(
            fen=fen(each.unit_price),
            bought=each.quantity,
            gone=each.quantity - free[each.sku],
            claimed=taken.get(each.sku, 0) if taken else free[each.sku],
            rule=each.no_reason,
            traits=each.traits,
            kind=each.category,
        )
        for each in facts.lines
    )
    assert facts.paid_at is not None
    return oracle.Matter(
        goods=goods,
        paid=fen(facts.paid),
        freight=fen(facts.freight),
        spent=sum(fen(claimed.amount) for claimed in facts.claimed),
        paid_at=int(facts.paid_at.timestamp()),
        shipped_at=at(facts.shipped_at),
        signed_at=at(facts.signed_at),
        now=int(now.timestamp()),
        opened=claim.opened,
        intact=claim.intact,
        insured=facts.freight_insured,
    )


def agree(remedy: Remedy | None, verdict: oracle.Verdict | None) -> None:
    event("allowed" if verdict else "refused")
    assert (remedy is None) == (verdict is None)
    if remedy is not None and verdict is not None:
        assert remedy.amount is not None
        insured = None if remedy.insured is None else fen(remedy.insured)
        assert (fen(remedy.amount), remedy.freight_payer, insured) == (verdict.fen, verdict.payer, verdict.insurance)


@often
@given(matters("no_reason"))
def test_the_seven_days(matter: tuple[OrderFacts, Claim, datetime, oracle.Matter]) -> None:
    facts, claim, now, told = matter
    agree(decide(facts, claim, PACK, now).remedy("return_refund"), oracle.own_wish(told))


@often
@given(st.sampled_from(["damaged", "missing", "wrong", "quality"]).flatmap(matters))
def test_freight_for_faults(matter: tuple[OrderFacts, Claim, datetime, oracle.Matter]) -> None:
    facts, claim, now, told = matter
    solution = "return_refund" if claim.cause in oracle.GOODS_BACK else "refund"
    agree(decide(facts, claim, PACK, now).remedy(solution), oracle.fault(told, claim.cause))


@often
@given(matters("late_shipping"))
def test_late_shipping(matter: tuple[OrderFacts, Claim, datetime, oracle.Matter]) -> None:
    facts, claim, now, told = matter
    agree(decide(facts, claim, PACK, now).remedy("compensation"), oracle.late(told))
