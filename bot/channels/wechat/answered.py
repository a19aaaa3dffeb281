"""What the house answers without a turn of the bot's: a greeting, a voice message that nobody can hear."""

from __future__ import annotations

from bot.conversation import present, transcript
from bot.conversation.inbox import Receipt
from bot.desk import states
from bot.desk.work import Work, transact
from bot.http.context import House
from bot.model import Inbound
from bot.store.models import InboxEntry


async def here(house: House, inbound: Inbound, key: str | None) -> Receipt:
    """Store the message as answered, and say `key` in the bot's name, unless a person has the talk or it is None.

    A message without a text leaves no line: nothing was said.
    """

    async def do(work: Work) -> None:
        now = work.now
        talk = await present.open_or_new(
            work.session, work.services, inbound.channel, inbound.sender, inbound.customer_id, now
        )
        entry = InboxEntry(
            channel=inbound.channel,
            sender=inbound.sender,
            message_id=inbound.message_id,
            conversation_id=talk.id,
            text=inbound.text,
            attachments=[],
            received_at=now,
            status="done",
        )
        work.session.add(entry)
        await work.session.flush()
        entry.turn_id = entry.id
        if inbound.text:
            line = await transcript.append(
                work.session, talk.id, "customer", inbound.text, now, client_id=inbound.message_id
            )
            work.show(talk, line)
        if key is not None and talk.owner != states.AGENT:
            said = await work.say(talk, key, {}, role="bot")
            said.turn_id = entry.id

    known = await house.spine.known(inbound.channel, inbound.sender, inbound.message_id)
    if known is None:
        await transact(house.services, house.hub, do)
        known = await house.spine.known(inbound.channel, inbound.sender, inbound.message_id)
    assert known is not None
    return known
