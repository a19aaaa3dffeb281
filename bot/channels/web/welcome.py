"""Who arrives, and what they are told first."""

from __future__ import annotations

from typing import Any

from bot.channels.web.events import CHANNEL, as_event, talks_of
from bot.channels.web.news import News
from bot.channels.web.rooms import Rooms
from bot.conversation import present, transcript
from bot.desk import standing, states, surveys
from bot.errors import NotAuthenticated
from bot.http.context import House
from bot.identity import Identities, Shopper
from bot.store.models import Customer

CHIPS = 6


def who(identities: Identities, auth: dict[str, Any]) -> tuple[Shopper, str | None]:
    """The shopper, and a visitor token to keep where there was none. A forged identity does not make a visitor."""
    token, visitor = auth.get("token"), auth.get("visitor")
    if token:
        shopper = identities.read(str(token))
        if shopper.customer_id is None:
            raise NotAuthenticated("not a customer's token")
        return shopper, None
    if visitor:
        try:
            shopper = identities.read(str(visitor))
        except NotAuthenticated:
            shopper = Shopper("")
        if shopper.sender and shopper.customer_id is None:
            return shopper, None
    fresh = identities.for_visitor()
    return identities.read(fresh), fresh


async def welcome(
    house: House, rooms: Rooms, news: News, sid: str, shopper: Shopper, visitor: str | None
) -> dict[str, Any]:
    """The state of things: who serves, the latest messages, what may be asked first, the survey that is still open."""
    services = house.services
    async with services.database.session() as session:
        talk = await present.latest(session, CHANNEL, shopper.sender)
        # Before the messages are read: what comes meanwhile is then told twice, and not lost.
        await rooms.arrive(sid, shopper.sender, talk.id if talk else None)
        messages, more = await transcript.page(session, talks_of(shopper))
        customer = await session.get(Customer, shopper.customer_id) if shopper.customer_id else None
        state = await standing.shown(session, services, talk)
        survey = await surveys.show(session, services, talk.id) if talk else None
    if talk and talk.owner == states.CLOSED:
        state |= {"owner": states.BOT, "agent_name": None, "agent_no": None}  # what is written next begins a new talk
    elif talk:
        state = news.placed(talk.id, state)
    return {
        "conversation": {"sender": shopper.sender, **state},
        "visitor": visitor,
        "customer": {"name": customer.name, "level": customer.level} if customer else None,
        "shop": {"name": services.shop.name, "consent": services.texts.plain("label_consent")},
        "chips": [services.texts.plain(f"label_chip_{number}") for number in range(1, CHIPS + 1)],
        "messages": [as_event(message) for message in messages],
        "has_more": more,
        "survey": survey,
    }
