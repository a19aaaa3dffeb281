"""What a decision consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bot.policy.clauses import Reason
from bot.policy.facts import LineFacts, Solution

FreightPayer = Literal["merchant", "buyer", "none"]
RemedyStatus = Literal["approved", "waiting_customer", "open"]
FieldValue = str | int | Decimal | datetime

GOODS_COME_BACK: frozenset[Solution] = frozenset({"return_refund", "exchange", "repair"})


@dataclass(frozen=True)
class Pieces:
    """Some pieces of one line."""

    line: LineFacts
    quantity: int


@dataclass(frozen=True)
class Remedy:
    """One way to settle a claim, and the ticket it would open.

    `amount` in yuan, None where no money moves; `deadline`: by when the shop acts, if the ticket is opened now;
    `status`: what the ticket starts with (`open`: a person has to approve). `insured`: up to how much an insurer pays
    of the way back that the buyer pays for; None without such an insurance.
    """

    solution: Solution
    amount: Decimal | None
    freight_payer: FreightPayer
    deadline: datetime
    status: RemedyStatus
    rule_ids: tuple[str, ...]
    goods_back: bool
    insured: Decimal | None = None

    @property
    def goods_stay(self) -> bool:
        """Whether goods that are sent back otherwise need not be, such as bad food."""
        return self.solution in GOODS_COME_BACK and not self.goods_back


@dataclass(frozen=True)
class Refusal:
    """Why nothing is offered, and the middle way that is. `fields` fill the pack's texts (`explain.refusal_text`).

    After `already_claimed` and `partly_claimed`, `fields["ticket"]` is the first ticket's id. `sku`: the product that
    stands in the way, None where it is the whole claim.
    """

    rule_id: str
    reason: Reason
    middle_way: str
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    sku: str | None = None


@dataclass(frozen=True)
class Decision:
    """What the pack allows.

    While `needs` names open questions ("opened", "intact"; asked in this order), the remedies hold only if the answer
    is the good one: ask, then decide again. `ends_at`: the last instant at which the claim is still in.
    `evidence_asked`: the shop asks for a picture (see `with_evidence`). `pieces`: what the remedies are for.
    `lacking`: goods that are out of stock, so that remedies that would send them are left out. `questions`: what is
    asked to find out whether the goods are intact, where that is open; yes to all of them is the good answer. `points`:
    the same in few words, for one question about all of them.
    """

    eligible: bool
    remedies: tuple[Remedy, ...]
    rule_ids: tuple[str, ...]
    refusal: Refusal | None = None
    needs: tuple[str, ...] = ()
    ends_at: datetime | None = None
    evidence_asked: bool = False
    pieces: tuple[Pieces, ...] = ()
    lacking: LineFacts | None = None
    questions: tuple[str, ...] = ()
    points: tuple[str, ...] = ()

    def remedy(self, solution: Solution) -> Remedy | None:
        """The remedy of this kind, or None where it is not allowed."""
        return next((remedy for remedy in self.remedies if remedy.solution == solution), None)


def with_evidence(remedy: Remedy, asked: bool, given: bool) -> Remedy:
    """The remedy once it is known whether a picture came: without it an approved ticket waits for the customer."""
    if asked and not given and remedy.status == "approved":
        return replace(remedy, status="waiting_customer")
    return remedy
