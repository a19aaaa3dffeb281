"""Conversations with people: take, answer, hand on, give back, close. Each is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import cases
from bot.clocks import ledger as clocks
from bot.conversation import transcript
from bot.desk import closing, handoffs, news, states, surveys
from bot.desk.actors import Actor
from bot.desk.units import Units, Which
from bot.desk.work import Work
from bot.errors import BadInput, WrongState
from bot.model import Attachment
from bot.promises import gate
from bot.promises import ledger as promises
from bot.store.models import Conversation, Message

MAX_TEXT = 4000


class Talks:
    """What people do with conversations. The id of the conversation is what most of it returns."""

    def __init__(self, work: Units) -> None:
        self._work = work

    async def accept(self, which: Which, actor: Actor) -> str:
        """A person takes the conversation."""

        async def work(session: AsyncSession, conversation: Any) -> str:
            account = await actor.account(session)
            if conversation.owner not in (states.AGENT, states.CLOSED):
                actor.must_have(conversation)
            await handoffs.accept(session, conversation, account, self._work.now(), bound=actor.account_id is not None)
            await self._work.say(session, conversation, "utter_agent_joined", {"name": account.name})
            return str(conversation.id)

        return await self._work.on(which, work)

    async def send(
        self,
        which: Which,
        actor: Actor,
        text: str,
        client_id: str | None = None,
        attachments: Sequence[Attachment] = (),
    ) -> Any:
        """A message from the person who has the conversation; the stored one. The same `client_id` is sent once.

        Raises WrongState (`promise_refused`) for a promise that cannot be kept.
        """
        if not isinstance(text, str) or not (text.strip() or attachments) or len(text) > MAX_TEXT:
            raise BadInput(f"text: 1 to {MAX_TEXT} characters")

        async def work(session: AsyncSession, conversation: Any) -> Any:
            query = select(Message).where(Message.conversation_id == conversation.id, Message.role == "agent")
            if client_id:
                sent = (await session.execute(query.where(Message.client_id == client_id))).scalars().first()
                if sent:
                    return transcript.as_transcript(sent)
            if conversation.owner != states.AGENT:
                raise WrongState(f"the conversation is with: {conversation.owner}", "not_accepted")
            actor.must_have(conversation)
            account = await actor.account(session)
            made_by = f"{promises.AGENT}:{account.id}"
            judgement = await gate.judge(session, self._work.services, conversation, account.role, text)
            gate.must_hold(self._work.services, judgement, made_by)
            await self._see(session, conversation)
            message = await transcript.append(
                session,
                conversation.id,
                "agent",
                text.strip(),
                self._work.now(),
                author=account.name,
                content={"attachments": [attachment.as_dict() for attachment in attachments]} if attachments else {},
                client_id=client_id,
            )
            services, now = self._work.services, self._work.now()
            made = await judgement.record(session, services, message, made_by)
            await promises.answered(session, services, conversation, message, made)
            self._work.deliver(session, conversation, message)
            await cases.answered(session, services, conversation, actor.label, now)
            return transcript.as_transcript(message)

        return await self._work.on(which, work)

    async def give_back(self, which: Which, actor: Actor) -> str:
        """The bot answers again."""

        async def work(session: AsyncSession, conversation: Any) -> str:
            if conversation.owner in (states.AGENT, states.QUEUE):
                actor.must_have(conversation)
            now, services = self._work.now(), self._work.services
            await handoffs.give_back(session, conversation, now)
            await clocks.nobody_waits(session, services, conversation, states.RETURNED, now=now, actor=actor.label)
            await self._work.say(session, conversation, "utter_returned_to_bot", {})
            return str(conversation.id)

        return await self._work.on(which, work)

    async def close(self, which: Which, actor: Actor) -> str:
        """End the conversation."""

        async def work(session: AsyncSession, conversation: Any) -> str:
            if conversation.owner != states.CLOSED:
                actor.must_have(conversation)
            await closing.close(Work(self._work.services, session), conversation, "utter_conversation_closed")
            return str(conversation.id)

        return await self._work.on(which, work)

    async def seen(self, which: Which, actor: Actor, seq: int) -> None:
        """The person who has the conversation looked at it up to this message; anybody else's look tells nothing."""

        async def work(session: AsyncSession) -> None:
            conversation = await which(session)
            if conversation.owner == states.AGENT and conversation.agent_id == actor.account_id:
                await self._see(session, conversation, seq)

        await self._work.run(work)

    async def may_type(self, which: Which, actor: Actor) -> bool:
        """Whether the customer shall see that this person is typing."""
        async with self._work.services.database.session() as session:
            conversation = await which(session)
            return bool(conversation.owner == states.AGENT and conversation.agent_id == actor.account_id)

    async def invite_survey(self, which: Which, actor: Actor) -> None:
        """Ask the customer how the service was. Raises WrongState when there is nothing to ask."""

        async def work(session: AsyncSession) -> None:
            conversation = await which(session)
            actor.must_have(conversation, or_waiting=False)
            if not await surveys.ask(session, conversation, self._work.now()):
                raise WrongState("there is nothing to ask, or the customer was asked already", "asked")
            news.later(session, "survey", conversation.id, dict)

        await self._work.run(work)

    async def _see(self, session: AsyncSession, conversation: Any, up_to: int | None = None) -> None:
        """Raise what people have seen, never beyond what was said; past `version`, which guards the owner alone."""
        said = select(func.max(Message.id)).where(Message.conversation_id == conversation.id)
        last = int((await session.execute(said)).scalar() or 0)
        seq = last if up_to is None else min(up_to, last)
        raised = update(Conversation).where(Conversation.id == conversation.id, Conversation.staff_seen < seq)
        raised = raised.values(staff_seen=seq).execution_options(synchronize_session=False)
        if (await session.execute(raised)).rowcount:
            news.later(session, "seen", conversation.id, lambda: {"by": "staff", "seq": seq}, once=conversation.id)
