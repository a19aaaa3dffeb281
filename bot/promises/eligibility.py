"""What policy allows for a promise whose cause nobody may have said: asked for every cause that could be meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.policy.decide import decide
from bot.policy.facts import Cause, Claim, OrderFacts, Solution
from bot.policy.outcome import Refusal, Remedy
from bot.promises.facts import PromiseFacts
from bot.promises.promise import Ground, Promise

WISHES: tuple[Cause, ...] = ("unshipped_cancel", "no_reason", "exchange_by_wish")
FAULTS: tuple[Cause, ...] = ("damaged", "wrong", "missing", "quality", "gift_missing", "warranty")
BY_GROUND: Mapping[Ground | None, tuple[Cause, ...]] = {
    None: (*WISHES, *FAULTS, "late_shipping"),
    "wish": WISHES,
    "fault": FAULTS,
    "late": ("late_shipping", "unshipped_cancel"),
}


@dataclass(frozen=True)
class Allowed:
    """The remedies of the kinds in question, each with the cause that allows it; `refusal` where there is none."""

    remedies: tuple[tuple[Cause, Remedy], ...]
    refusal: Refusal | None
    ground_known: bool

    @property
    def best(self) -> Remedy | None:
        """The remedy that brings most."""
        return max((remedy for _, remedy in self.remedies), key=lambda r: r.amount or Decimal(0), default=None)

    @property
    def only_by_fault(self) -> bool:
        """Whether it takes a fault of the shop, of which nobody has spoken."""
        return not self.ground_known and all(cause in FAULTS for cause, _ in self.remedies)


def allowed(facts: PromiseFacts, order: OrderFacts, promise: Promise, *solutions: Solution) -> Allowed:
    """What policy gives for this promise: for the claim where there is one, else for all causes that fit."""
    ground = promise.ground if facts.claim is None else None
    claims = [facts.claim] if facts.claim else [_claim(facts, order, promise, c) for c in BY_GROUND[ground]]
    decisions = [(claim.cause, decide(order, claim, facts.pack, facts.now)) for claim in claims]
    remedies = tuple(
        (cause, remedy) for cause, decision in decisions for remedy in decision.remedies if remedy.solution in solutions
    )
    known = facts.claim is not None or ground is not None
    if remedies:
        return Allowed(remedies, None, known)
    refusals = [decision.refusal for _, decision in decisions if decision.refusal is not None]
    return Allowed((), next(iter(sorted(refusals, key=_telling)), None), known)


def _telling(refusal: Refusal) -> int:
    """What stands in the way of everything is told before what stands in the way of one cause."""
    order = ("unpaid", "closed", "already_claimed", "restocking", "sold_out", "custom_made", "window_over", "exempt")
    return order.index(refusal.reason) if refusal.reason in order else len(order)


def _claim(facts: PromiseFacts, order: OrderFacts, promise: Promise, cause: Cause) -> Claim:
    """The claim about the goods that the text names, if it names some of several."""
    named = facts.lines(promise.subject)
    if len(named) == 1 and len(order.lines) > 1:
        return Claim(cause, named[0].sku)
    return Claim(cause)
