"""What happens to a ticket elsewhere: at a platform, with a specialist, the maker, a leader. Somebody reports it.

Each is written into the log, told to the clocks by its name, and to the customer where the shop has words for it.
"""

from __future__ import annotations

from typing import Any

from bot.clocks import cases, ledger
from bot.conversation import transcript
from bot.desk.work import Work
from bot.policy.duties import Event
from bot.promises import gate
from bot.promises import ledger as promises
from bot.tickets import events, guards, telling
from bot.tickets.state import of_row

WRITTEN_REPLY = "written_reply"
WORDED: tuple[Event, ...] = (
    "approval_submitted",
    "specialist_asked",
    "specialist_replied",
    "vendor_asked",
    "vendor_reported",
)
"""Reported with what was proposed, asked or answered."""
MILESTONES: tuple[Event, ...] = (
    *WORDED,
    "platform_complaint",
    "merchant_replied",
    "technically_solved",
    "followed_up",
    "tracking_done",
    "refund_arrived",
)


async def reach(work: Work, ticket: Any, what: Event, text: str, actor: str) -> Any:
    """Write down that it happened; the event. Raises WrongState for a ticket that was merged."""
    guards.check(of_row(ticket), what)
    told = {"text": text} if text else None
    event = events.record(work.session, ticket, what, actor, work.now, told=told)
    await ledger.signal(work.session, work.services, what, ticket=ticket, now=work.now, actor=actor)
    key = f"utter_ticket_{what}"
    if key in work.services.texts:
        await telling.announce(work, ticket, event, key, reason=text)
    return event


async def reply(work: Work, ticket: Any, text: str, account: Any, actor: str) -> Any:
    """Answer a ticket in writing: the customer gets it in the conversation, in the name of who wrote it; the event.

    Raises WrongState (`promise_refused`) for a promise that cannot be kept, and for a ticket that was merged.
    """
    session, services, now = work.session, work.services, work.now
    guards.check(of_row(ticket), WRITTEN_REPLY)
    conversation = await telling.same_sender_now(session, ticket.conversation_id)
    made_by = f"{promises.AGENT}:{account.id}"
    judgement = await gate.judge(session, services, conversation, account.role, text)
    gate.must_hold(services, judgement, made_by)
    message = await transcript.append(session, conversation.id, "agent", text, now, author=account.name)
    made = await judgement.record(session, services, message, made_by)
    await promises.answered(session, services, conversation, message, made)
    work.wrote(conversation, message)
    told = {"text": text, "message": message.id}
    event = events.record(session, ticket, WRITTEN_REPLY, actor, now, told=told)
    await cases.replied(session, services, ticket, actor, now)
    return event
