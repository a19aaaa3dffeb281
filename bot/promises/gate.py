"""Where replies are written: what must not be promised is not sent, what is promised goes into the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import WrongState
from bot.metrics import PROMISES_REFUSED
from bot.orders.sql import SqlOrders
from bot.promises import ledger
from bot.promises.carrying import SOLUTIONS_OF
from bot.promises.checking import check
from bot.promises.facts import PromiseFacts, Role
from bot.promises.gathering import gather
from bot.promises.reading import read
from bot.promises.verdict import Verdict
from bot.services import Services

log = structlog.get_logger(__name__)

REFUSED = "promise_refused"


@dataclass(frozen=True)
class Judgement:
    """The promises in a text, checked against the facts that fit them best; None where it promises nothing."""

    verdicts: Sequence[Verdict] = ()
    facts: PromiseFacts | None = None

    @property
    def refused(self) -> Verdict | None:
        """The first promise that must not be made."""
        return next((verdict for verdict in self.verdicts if verdict.outcome == "block"), None)

    async def record(self, session: AsyncSession, services: Services, message: Any, made_by: str) -> list[Any]:
        """Store what the message promises; see `ledger.record`."""
        if self.facts is None:
            return []
        return await ledger.record(session, services, self.verdicts, self.facts, message, made_by)


NOTHING = Judgement()


async def judge(
    session: AsyncSession,
    services: Services,
    conversation: Any,
    role: Role,
    text: str,
    *,
    events: Sequence[Mapping[str, Any]] | None = None,
    orders: SqlOrders | None = None,
) -> Judgement:
    """Read a text that is about to be sent, and check what it promises. Nothing is asked of the database for most."""
    now = services.clock.now()
    promises = read(text, now, services.shop.hours_on)
    if not promises:
        return NOTHING
    await session.flush()
    around = await gather(session, services, conversation, role, text, now, events=events, orders=orders)
    return min((Judgement(check(promises, facts), facts) for facts in around), key=_severity)


def wording(services: Services, verdict: Verdict, facts: PromiseFacts) -> str | None:
    """What would be true instead; None where the promise holds."""
    if verdict.truth is None:
        return None
    return services.texts.label(verdict.truth, **verdict.shown_fields(facts.pack))


def must_hold(services: Services, judgement: Judgement, made_by: str) -> None:
    """Raises WrongState (`promise_refused`) with clause, rule and a true wording where a promise does not hold."""
    refused, facts = judgement.refused, judgement.facts
    if refused is None or facts is None:
        return
    PROMISES_REFUSED.labels(refused.promise.kind, made_by.partition(":")[0]).inc()
    detail = {"clause": refused.clause, "rule_id": refused.rule_id, "wording": wording(services, refused, facts)}
    raise WrongState("this cannot be promised", REFUSED, detail)


def said_instead(services: Services, judgement: Judgement, key: str, conversation_id: str) -> tuple[str, str] | None:
    """Text and key of what the bot says in place of a promise that does not hold; that it tried to is our error."""
    refused, facts = judgement.refused, judgement.facts
    if refused is None or facts is None or refused.truth is None:
        return None
    PROMISES_REFUSED.labels(refused.promise.kind, ledger.BOT).inc()
    log.error(
        "promise refused",
        key=key,
        kind=refused.promise.kind,
        rule_id=refused.rule_id,
        conversation=conversation_id,
    )
    return wording(services, refused, facts) or "", str(refused.truth)


def as_json(services: Services, judgement: Judgement) -> list[dict[str, Any]]:
    """The verdicts as the composer shows them."""
    facts = judgement.facts
    if facts is None:
        return []
    return [
        {
            "outcome": verdict.outcome,
            "kind": verdict.promise.kind,
            "rule_id": verdict.rule_id,
            "clause": verdict.clause,
            "wording": wording(services, verdict, facts),
            "due_at": verdict.due_at and verdict.due_at.isoformat(),
        }
        for verdict in judgement.verdicts
    ]


def _severity(judgement: Judgement) -> tuple[int, int, int]:
    """The least trouble first; then where a ticket for it is under way."""
    outcomes = [verdict.outcome for verdict in judgement.verdicts]
    return outcomes.count("block"), outcomes.count("warn"), -_under_way(judgement)


def _under_way(judgement: Judgement) -> int:
    facts = judgement.facts
    solutions = [SOLUTIONS_OF.get(verdict.promise.kind, ()) for verdict in judgement.verdicts]
    return sum(facts is not None and facts.open_ticket(*each) is not None for each in solutions)
