"""In the queue the bot answers three wishes: leave it, leave a message, how long still. All else is for the agent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.conversation.turn import Turn
from bot.desk import handoffs, states, tickets
from bot.lexicon import lexicon
from bot.model import Button

CANCEL, MESSAGE, WAIT = "/queue_cancel", "/queue_message", "/queue_wait"
WISHES = {CANCEL: "cancel", MESSAGE: "message", WAIT: "wait"}


def buttons(turn: Turn) -> tuple[Button, ...]:
    """What somebody who waits may press; the titles are texts of the shop."""
    return tuple(
        Button(turn.label(f"label{payload.replace('/', '_')}"), payload) for payload in (CANCEL, MESSAGE, WAIT)
    )


async def announce(turn: Turn, handoff: Any) -> None:
    """Tell the customer that a person was asked for: the place in the queue, or when people are back."""
    place = await handoffs.place(turn.session, handoff)
    shop = turn.services.shop
    if shop.is_open(turn.now):
        turn.say("utter_queued", {"position": place.position, "minutes": place.minutes}, buttons(turn))
    else:
        opens = shop.opens_at(turn.now)
        turn.say(_day_key("utter_queued_closed", opens, turn.now), {"opens": f"{opens:%H:%M}"}, buttons(turn))


async def answer(turn: Turn) -> None:
    """Answer somebody who waits for a person, if it is one of the three wishes."""
    handoff = await handoffs.open_handoff(turn.session, turn.conversation.id)
    if handoff is None:
        return
    wish = WISHES.get(turn.button.payload) if turn.button else _said(turn.text)
    if wish == "cancel":
        await handoffs.give_back(turn.session, turn.conversation, turn.now, states.CANCELLED)
        turn.say("utter_queue_cancelled")
    elif wish == "message":
        handoff.awaits_message = 1
        turn.say("utter_leave_message")
    elif wish == "wait":
        await announce(turn, handoff)
    elif handoff.awaits_message and (turn.text or turn.attachments):
        await _take_message(turn, handoff)


def _said(text: str) -> str | None:
    """The last wish among the lines of a burst."""
    return next(filter(None, map(lexicon().queue_wish, reversed(text.splitlines()))), None)


async def _take_message(turn: Turn, handoff: Any) -> None:
    ticket = await tickets.open_ticket(
        turn.session,
        turn.services,
        turn.conversation,
        type="message",
        status="open",
        reason=turn.text[:200],
        order_no=handoff.summary.get("order_no"),
        evidence=[a.as_dict() for a in turn.attachments],
        now=turn.now,
    )
    await handoffs.give_back(turn.session, turn.conversation, turn.now, states.MESSAGE_LEFT)
    turn.say("utter_message_left", {"ticket": ticket.id, "due": tickets.when(ticket.due_at, turn.now)})


def _day_key(key: str, then: datetime, now: datetime) -> str:
    """Whether people are back today or on a later day changes the wording."""
    return key if then.date() == now.date() else f"{key}_tomorrow"
