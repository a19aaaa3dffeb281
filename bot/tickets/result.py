"""After a ticket is done the customer says whether it is solved: by a button, or a word right after the question."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import select

from bot.clocks import cases
from bot.conversation import transcript
from bot.conversation.turn import Turn
from bot.desk import standing
from bot.errors import WrongState
from bot.lexicon import lexicon
from bot.model import Button
from bot.store.models import Ticket
from bot.tickets import changes, numbers
from bot.tickets.shown import when
from bot.tickets.telling import DONE, NOT_SOLVED, SOLVED

PAYLOAD = re.compile(r"(/ticket_(?:un)?solved)(\{.*\})")
PERSON = "/request_human"


async def answer(turn: Turn) -> bool:
    """Take the answer to the question whether a ticket is solved; False where something else was said."""
    said = _pressed(turn) if turn.button else await _typed(turn)
    if said is None:
        return False
    wish, number = said
    ticket = await _own(turn, number)
    if ticket is None:
        return False
    try:
        if wish == SOLVED:
            changes.confirm(turn.session, ticket, changes.CUSTOMER, turn.now)
            await cases.confirmed(turn.session, turn.services, ticket, changes.CUSTOMER, turn.now)
            turn.say("utter_ticket_confirmed", {"ticket": ticket.id})
        else:
            await changes.reopen(turn.session, turn.services, ticket, changes.CUSTOMER, turn.text, turn.now)
            await cases.reopened(turn.session, turn.services, ticket, changes.CUSTOMER, turn.now)
            person = Button(turn.label("label_hand_over_now"), PERSON)
            due = when(ticket.due_at, turn.now)
            turn.say("utter_ticket_reopened_by_you", {"ticket": ticket.id, "due": due}, (person,))
    except WrongState:  # an old button
        turn.say("utter_ticket_answered", {"ticket": ticket.id})
    return True


def _pressed(turn: Turn) -> tuple[str, str] | None:
    found = PAYLOAD.fullmatch(turn.button.payload)
    return (found[1], str(json.loads(found[2]).get("ticket"))) if found else None


async def _typed(turn: Turn) -> tuple[str, str] | None:
    words, text = lexicon(), turn.text
    if turn.attachments or not text.strip():
        return None
    if words.is_whole("so", text) or words.is_whole("result_solved", text):
        wish = SOLVED
    elif words.is_whole("not_so", text) or words.is_whole("result_unsolved", text):
        wish = NOT_SOLVED
    else:
        return None
    last = await transcript.latest(turn.session, turn.conversation.id, of_customer=False)
    if last is None or not any(key.startswith(DONE) for key in last.keys):
        return None
    named = numbers.named_in(last.text)
    return (wish, named[0]) if named else None


async def _own(turn: Turn, number: str) -> Any:
    """The ticket, if it is one of whoever writes."""
    query = select(Ticket).where(Ticket.id == number, standing.owed_to(turn.conversation))
    return (await turn.session.execute(query)).scalars().first()
