"""In the queue the bot answers three wishes: leave it, leave a message, how long still. All else is for the agent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import dropwhile
from typing import Any

from sqlalchemy import select

from bot.clocks import ledger
from bot.conversation.turn import Turn
from bot.desk import handoffs, states, tickets
from bot.lexicon import lexicon
from bot.model import Button
from bot.store.models import Message

CANCEL, MESSAGE, WAIT = "/queue_cancel", "/queue_message", "/queue_wait"
WISHES = {CANCEL: "cancel", MESSAGE: "message", WAIT: "wait"}
CUSTOMER = "customer"
LOOKED_AT = 60  # lines of the talk
TAKEN_UP = ("order_no", "item", "quantity", "cause")


def buttons(turn: Turn) -> tuple[Button, ...]:
    """What somebody who waits may press; the titles are texts of the shop."""
    return tuple(
        Button(turn.label(f"label{payload.replace('/', '_')}"), payload) for payload in (CANCEL, MESSAGE, WAIT)
    )


def is_legal(turn: Turn) -> bool:
    """Whether the text has one of the words that the shop's rules take as a legal threat."""
    return any(word in turn.text for word in turn.services.packs.for_payment(turn.now).handoff_words)


async def wishes_for_person(turn: Turn) -> int:
    """How often the customer had to ask for a person, this time included, since one was there last; normally once."""
    before = await handoffs.last_handoff(turn.session, turn.conversation.id)
    talk = Message.conversation_id == turn.conversation.id
    since = (Message.at > before.ended_at,) if before and before.ended_at else ()
    query = select(Message.role, Message.text).where(talk, *since).order_by(Message.id.desc()).limit(LOOKED_AT)
    lines = (await turn.session.execute(query)).all()
    earlier = dropwhile(lambda line: line.role == CUSTOMER, lines)  # the lines of this turn are one wish
    texts: list[str] = [line.text for line in earlier if line.role == CUSTOMER]
    return 1 + sum(lexicon().has("human", text) for text in texts)


async def announce(turn: Turn, handoff: Any, asked: bool = False) -> None:
    """Tell the customer the place in the queue, or when people are back; who asks again after long hears how long."""
    place, shop, now = await handoffs.place(turn.session, handoff), turn.services.shop, turn.now
    fields: dict[str, Any] = {"position": place.position, "minutes": place.minutes}
    waited = int((now - handoff.requested_at).total_seconds() // 60)
    if not shop.is_open(now):
        opens = shop.opens_at(now)
        key, fields["opens"] = _day_key("utter_queued_closed", opens, now), f"{opens:%H:%M}"
    elif not shop.is_open(now + timedelta(minutes=place.minutes)):
        opens = shop.opens_at(shop.closes_at(now))
        key, fields["opens"] = _day_key("utter_queued_late", opens, now), f"{opens:%H:%M}"
    elif asked and waited > place.minutes and shop.is_open(handoff.requested_at):
        key, fields["waited"] = "utter_queue_slow", waited
    else:
        key = "utter_queued"
    turn.say(key, fields, buttons(turn))


async def answer(turn: Turn) -> None:
    """Answer somebody who waits for a person, if it is one of the three wishes."""
    handoff = await handoffs.open_handoff(turn.session, turn.conversation.id)
    if handoff is None:
        return
    wish = WISHES.get(turn.button.payload) if turn.button else _said(turn.text)
    message = "" if turn.button else lexicon().left_message(turn.text)
    if wish == "cancel":
        await handoffs.give_back(turn.session, turn.conversation, turn.now, states.CANCELLED)
        await ledger.nobody_waits(turn.session, turn.services, turn.conversation, states.CANCELLED, now=turn.now)
        _greet_back(turn, handoff.summary)
    elif wish == "message" and not message and not turn.attachments:
        handoff.awaits_message = 1
        turn.say("utter_leave_message")
    elif wish == "message" or (wish is None and handoff.awaits_message and (message or turn.attachments)):
        await _take_message(turn, handoff, message)
    elif wish == "wait":
        await announce(turn, handoff, asked=True)
    elif is_legal(turn):
        handoffs.urge(handoff, "legal")
    elif turn.feeling.fed_up:
        handoffs.urge(handoff, "angry")


def _said(text: str) -> str | None:
    """The last wish among the lines of a burst."""
    return next(filter(None, map(lexicon().queue_wish, reversed(text.splitlines()))), None)


def _greet_back(turn: Turn, summary: Mapping[str, Any]) -> None:
    """With the bot again: what was being dealt with can be taken up where it stood."""
    if not summary.get("flow"):
        turn.say("utter_queue_cancelled")
        return
    facts = {slot: value for slot, value in summary.get("facts", {}).items() if slot in TAKEN_UP}
    told = json.dumps(facts, ensure_ascii=False) if facts else ""
    resume = Button(turn.label("label_resume"), f"/{summary['intent']}{told}")
    matter = summary.get("matter") or ""
    if summary.get("order_no"):
        matter = turn.label("label_matter_of_order", matter=matter, order_tail=summary["order_no"][-4:])
    turn.say("utter_queue_cancelled_matter", {"matter": matter}, (resume,))


async def _take_message(turn: Turn, handoff: Any, message: str) -> None:
    ticket = await tickets.open_ticket(
        turn.session,
        turn.services,
        turn.conversation,
        type="message",
        status="open",
        reason=message[:200],
        order_no=handoff.summary.get("order_no"),
        evidence=[a.as_dict() for a in turn.attachments],
        now=turn.now,
    )
    await handoffs.give_back(turn.session, turn.conversation, turn.now, states.MESSAGE_LEFT)
    await ledger.nobody_waits(turn.session, turn.services, turn.conversation, states.MESSAGE_LEFT, now=turn.now)
    turn.say("utter_message_left", {"ticket": ticket.id, "due": tickets.when(ticket.due_at, turn.now)})


def _day_key(key: str, then: datetime, now: datetime) -> str:
    """Whether people are back today or on a later day changes the wording."""
    return key if then.date() == now.date() else f"{key}_tomorrow"
