"""A claim on its way to a decision: the facts together, and the two ways in which it can end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.clock import SHANGHAI
from bot.policy import money
from bot.policy.clauses import Reason, RuleId
from bot.policy.facts import Claim, LineFacts, OrderFacts, Solution
from bot.policy.intactness import questions
from bot.policy.outcome import (
    GOODS_COME_BACK,
    Decision,
    FieldValue,
    FreightPayer,
    Pieces,
    Refusal,
    Remedy,
    RemedyStatus,
)
from bot.policy.pack import RulePack
from bot.policy.pieces import price_of, whole_order_refunded
from bot.policy.sections import Freight

GOODS_ARE_SENT: frozenset[Solution] = frozenset({"exchange", "reship"})


@dataclass(frozen=True)
class Case:
    """A claim with its order, the pieces it is about, the pack that rules it and the present instant."""

    order: OrderFacts
    claim: Claim
    pack: RulePack
    now: datetime
    pieces: tuple[Pieces, ...]

    @property
    def price(self) -> Decimal:
        """What was paid for the pieces."""
        return price_of(self.order, self.pieces)

    @property
    def left_of_paid(self) -> Decimal:
        """What may still leave the shop for this order (R154)."""
        return money.left_of_paid(self.order)

    @property
    def whole_order(self) -> bool:
        """Whether refunding the pieces leaves nothing of the order."""
        return whole_order_refunded(self.order, self.pieces)

    @property
    def lacking(self) -> LineFacts | None:
        """The first goods of which fewer are in stock than the claim is about; parts and gifts are no such goods."""
        if self.claim.cause == "gift_missing" or self.claim.part is not None:
            return None
        known = ((pieces, pieces.line.stock) for pieces in self.pieces)
        return next((p.line for p, stock in known if stock is not None and stock < p.quantity), None)

    def remedy(
        self,
        solution: Solution,
        *rule_ids: RuleId,
        amount: Decimal | None = None,
        freight_payer: FreightPayer = "none",
        uncertain: bool = False,
    ) -> Remedy:
        """The remedy with its deadline and its first status; `uncertain`: others decide, a person looks at it."""
        capped = None if amount is None else min(amount, self.left_of_paid)
        above = capped is not None and capped > self._left_of_limit(solution)
        goods_back = solution in GOODS_COME_BACK and not self._goods_stay
        status: RemedyStatus = "open" if above or uncertain else "waiting_customer" if goods_back else "approved"
        hours = self.pack.ticket_deadline_hours[solution]
        insured = self._insured(freight_payer)
        rule_ids = (*rule_ids, "freight_insurance") if insured is not None else rule_ids
        return Remedy(
            solution=solution,
            amount=capped,
            freight_payer=freight_payer,
            deadline=self.now.astimezone(SHANGHAI) + timedelta(hours=hours),
            status=status,
            rule_ids=(*rule_ids, "approval_limit") if above else rule_ids,
            goods_back=goods_back,
            insured=insured,
        )

    @property
    def freight(self) -> Freight:
        """Who pays for which way in a case of this cause."""
        return self.pack.freight[self.claim.cause]

    def _insured(self, freight_payer: FreightPayer) -> Decimal | None:
        insurance = self.pack.freight_insurance
        applies = freight_payer == "buyer" and self.claim.cause in insurance.causes
        return insurance.up_to if applies and self.order.freight_insured else None

    @property
    def _goods_stay(self) -> bool:
        """Whether nobody wants to have the goods back: bad food, say."""
        kinds = set(self.pack.our_fault.not_sent_back)
        lines = [pieces.line for pieces in self.pieces]
        return self.claim.cause == "quality" and all(kinds & {line.category, *line.traits} for line in lines)

    def _left_of_limit(self, solution: Solution) -> Decimal:
        # A cancelled order and a price difference pay money back like a refund, so the refund limit holds for them:
        # ARCHITECTURE 6 names no exception to "above the bot's limits a person approves". What the bot approved for
        # this order before counts, or the limit could be passed in small steps.
        limits, is_compensation = self.pack.bot_limits, solution == "compensation"
        limit = limits.compensation if is_compensation else limits.refund
        alike = (c for c in self.order.claimed if (c.solution == "compensation") == is_compensation)
        return limit - sum((claimed.amount for claimed in alike if not claimed.by_person), money.ZERO)

    def granted(
        self,
        remedies: Iterable[Remedy],
        *rule_ids: RuleId,
        needs: tuple[str, ...] = (),
        ends_at: datetime | None = None,
    ) -> Decision:
        """What is allowed, all of it under `rule_ids`. A remedy worth 0.00 is dropped; without any, nothing is due.

        What is out of stock is not sent; where nothing else is left, the customer hears when it comes back.
        """
        worth = tuple(remedy for remedy in remedies if remedy.amount is None or remedy.amount > 0)
        if not worth:
            return self.refused("nothing_due")
        possible = tuple(remedy for remedy in worth if not self.lacking or remedy.solution not in GOODS_ARE_SENT)
        lacking = self.lacking if possible != worth else None
        if lacking and not possible:
            return self._out_of_stock(lacking)
        possible = tuple(replace(remedy, rule_ids=(*rule_ids, *remedy.rule_ids)) for remedy in possible)
        cited = dict.fromkeys(rule_id for remedy in possible for rule_id in remedy.rule_ids)
        cited |= {"in_stock": None} if lacking else {}
        asked = self.claim.cause in self.pack.evidence.asked_for
        check = questions([pieces.line for pieces in self.pieces], self.pack) if "intact" in needs else ()
        asks, points = tuple(question.ask for question in check), tuple(question.point for question in check)
        return Decision(True, possible, tuple(cited), None, needs, ends_at, asked, self.pieces, lacking, asks, points)

    def _out_of_stock(self, lacking: LineFacts) -> Decision:
        if lacking.restock_at is None:
            return self.refused("sold_out", item=lacking.name)
        return self.refused("restocking", item=lacking.name, restock_at=lacking.restock_at)

    def refused(self, reason: Reason, sku: str | None = None, **fields: FieldValue) -> Decision:
        """What is not possible (because of one product), with the rule and the middle way of the reason."""
        return refused(self.pack, reason, sku, **fields)


def refused(pack: RulePack, reason: Reason, sku: str | None = None, **fields: FieldValue) -> Decision:
    """A decision that offers nothing but the middle way."""
    told = pack.refusals[reason]
    return Decision(False, (), (told.rule,), Refusal(told.rule, reason, told.middle_way, fields, sku))
