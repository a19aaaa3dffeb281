"""How was it? Asked after the close, at most twice, and only of those who were served; bot and person apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.hub import Hub
from bot.desk.work import Work, transact
from bot.errors import BadInput, NotFound, WrongState
from bot.metrics import SURVEY_SCORES
from bot.services import Services
from bot.store.database import after_commit
from bot.store.models import Account, Conversation, Handoff, Message, Survey

CHANNELS = ("web",)
ASKED, ANSWERED, SKIPPED = "asked", "answered", "skipped"
MOST_SHOWN = 2
SCORES = range(1, 6)
TAG = "label_survey_tag_"


@dataclass(frozen=True)
class Answer:
    """What a customer thinks of the bot, of the person, or of both."""

    bot: int | None
    agent: int | None
    tags: Sequence[str] = ()
    text: str = ""


async def ask(session: AsyncSession, conversation: Any, now: datetime) -> bool:
    """Note down that the customer is to be asked, once in a conversation; whether there is something to ask now."""
    if conversation.channel not in CHANNELS:
        return False
    known = select(Survey.id).where(Survey.conversation_id == conversation.id)
    if (await session.execute(known)).first():
        return False
    by_person = await _spoke(session, conversation.id, "agent")
    if not by_person and not await _spoke(session, conversation.id, "bot"):
        return False
    agent_id = await _who_served(session, conversation.id) if by_person else None
    session.add(Survey(conversation_id=conversation.id, agent_id=agent_id, shown=0, asked_at=now))
    await session.flush()
    return True


async def show(session: AsyncSession, services: Services, conversation_id: str) -> dict[str, Any] | None:
    """The survey that is still to be asked, as the widget shows it, and one showing less from now on."""
    query = select(Survey).where(Survey.conversation_id == conversation_id)
    survey = (await session.execute(query)).scalars().first()
    if survey is None:
        return None
    table = Survey.__table__
    unanswered = table.c.id == survey.id, table.c.status == ASKED, table.c.shown < MOST_SHOWN
    counted = await session.execute(update(table).where(*unanswered).values(shown=table.c.shown + 1))
    await session.commit()
    if not counted.rowcount:
        return None
    agent = await session.get(Account, survey.agent_id) if survey.agent_id else None
    return {
        "id": survey.id,
        "bot": await _spoke(session, conversation_id, "bot"),
        "agent": {"name": agent.name} if agent else None,
        "tags": [{"id": tag, "title": services.texts.plain(TAG + tag)} for tag in tags(services)],
    }


def tags(services: Services) -> list[str]:
    """What may be named as good or bad."""
    return [key.removeprefix(TAG) for key in services.texts.keys() if key.startswith(TAG)]  # noqa: SIM118


async def answer(services: Services, hub: Hub, channel: str, sender: str, survey_id: str, given: Answer) -> None:
    """Keep an answer; a second one changes nothing. Raises NotFound, BadInput, WrongState."""

    async def do(work: Work) -> None:
        survey = await _own(work.session, channel, sender, survey_id)
        await _check(work, survey, given)
        values = {
            "status": ANSWERED,
            "bot_score": given.bot,
            "agent_score": given.agent,
            "tags": list(dict.fromkeys(given.tags)),
            "text": given.text,
            "answered_at": work.now,
        }
        if await _settle(work, survey, values):
            for kind, score in (("bot", given.bot), ("agent", given.agent)):
                if score is not None:
                    after_commit(work.session, SURVEY_SCORES.labels(kind, score).inc)
        elif survey.status == SKIPPED:
            raise WrongState("the survey was skipped", "skipped")

    await transact(services, hub, do)


async def skip(services: Services, hub: Hub, channel: str, sender: str, survey_id: str) -> None:
    """Do not ask again. Raises NotFound."""

    async def do(work: Work) -> None:
        survey = await _own(work.session, channel, sender, survey_id)
        await _settle(work, survey, {"status": SKIPPED, "answered_at": work.now})

    await transact(services, hub, do)


async def _check(work: Work, survey: Any, given: Answer) -> None:
    if given.bot is None and given.agent is None:
        raise BadInput("a rating has a score for the bot or the person")
    if given.agent is not None and survey.agent_id is None:
        raise BadInput("no person served here")
    if given.bot is not None and not await _spoke(work.session, survey.conversation_id, "bot"):
        raise BadInput("the bot did not serve here")
    if not set(given.tags) <= set(tags(work.services)):
        raise BadInput("no such tag")


async def _settle(work: Work, survey: Any, values: dict[str, Any]) -> bool:
    """Write how it ended, if it has not ended yet: of two devices one is first."""
    waiting = update(Survey).where(Survey.id == survey.id, Survey.status == ASKED)
    settled = await work.session.execute(waiting.values(**values).execution_options(synchronize_session=False))
    if settled.rowcount:
        work.tell("survey", survey.conversation_id)
    return bool(settled.rowcount)


async def _own(session: AsyncSession, channel: str, sender: str, survey_id: str) -> Any:
    query = (
        select(Survey)
        .join(Conversation, Conversation.id == Survey.conversation_id)
        .where(Survey.id == survey_id, Conversation.channel == channel, Conversation.sender == sender)
    )
    survey = (await session.execute(query)).scalars().first()
    if survey is None:
        raise NotFound("no such survey")
    return survey


async def _spoke(session: AsyncSession, conversation_id: str, role: str) -> bool:
    query = select(Message.id).where(Message.conversation_id == conversation_id, Message.role == role)
    return (await session.execute(query.limit(1))).first() is not None


async def _who_served(session: AsyncSession, conversation_id: str) -> int | None:
    """The person who had the conversation last."""
    query = select(Handoff.agent_id).where(Handoff.conversation_id == conversation_id, Handoff.agent_id.isnot(None))
    found = (await session.execute(query.order_by(Handoff.id.desc()).limit(1))).scalar()
    return None if found is None else int(found)
