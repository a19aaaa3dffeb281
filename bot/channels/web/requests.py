"""What customers ask of the house, each with an acknowledgement. Nothing that comes from outside is trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import cards
from bot.channels.web.events import CHANNEL, HIGHEST, as_event, talks_of
from bot.channels.web.news import News
from bot.conversation import shown, transcript
from bot.conversation.inbox import MAX_ID, check_id, clean
from bot.desk import closing, deletion, messages_left, surveys
from bot.errors import BadInput, NotFound
from bot.http.context import House
from bot.http.uploads import attachments_of
from bot.identity import Shopper
from bot.model import Card, Inbound
from bot.orders.gateway import Viewer
from bot.orders.sql import SqlOrders

ORDERS_OF = timedelta(days=92)
MOST_ORDERS = 20
MAX_ORDER_NO = 32
MAX_REMARK = 500
MOST_TAGS = 20
SURVEY_ID = re.compile(r"[0-9a-f]{32}")


class Requests:
    """One method an event; each gets the shopper and the event's data as it came."""

    def __init__(self, house: House, news: News) -> None:
        self._house = house
        self._news = news

    async def message(self, shopper: Shopper, data: Any) -> dict[str, Any]:
        """A line, a pressed button, files; or something that the customer shows us."""
        asked = _object(data)
        text, payload = asked.get("text", ""), asked.get("payload")
        if not isinstance(text, str) or not isinstance(payload, (str, type(None))):
            raise BadInput("a message is an object with a text")
        card, text, shows = await self._shown(shopper, asked, text)
        receipt = await self._house.spine.submit(
            Inbound(
                channel=CHANNEL,
                sender=shopper.sender,
                message_id=_client_id(asked),
                text=text,
                payload=None if card else payload,
                customer_id=shopper.customer_id,
                attachments=await attachments_of(self._house, asked.get("attachments"), shopper.sender),
                cards=(card,) if card else (),
                shows=shows,
            )
        )
        await self._news.gather(shopper.sender, receipt.conversation_id)
        return {"ok": True, "seq": receipt.seq, "at": receipt.at.isoformat()}

    async def _shown(
        self, shopper: Shopper, asked: Mapping[str, Any], text: str
    ) -> tuple[Card | None, str, str | None]:
        """What the message shows as a card, its text, what it stands for; the text alone where it shows nothing."""
        product, order_no = asked.get("product"), asked.get("order_no")
        if product is None and order_no is None:
            return None, text, None
        services = self._house.services
        async with services.database.session() as session:
            if product is not None:
                return await shown.product(session, services, _object(product))
            if not isinstance(order_no, str):
                raise BadInput("order_no is a text")
            check_id("order_no", order_no, MAX_ORDER_NO)
            return await shown.order(session, services, await self._viewer(session, shopper), order_no)

    async def history(self, shopper: Shopper, data: Any) -> dict[str, Any]:
        """A page of the transcript, before or after a number."""
        asked = data if isinstance(data, dict) else {}
        numbers = {
            name: min(max(value, 0), HIGHEST)
            for name in ("before", "after")
            if isinstance(value := asked.get(name), int)
        }
        async with self._house.services.database.session() as session:
            messages, more = await transcript.page(session, talks_of(shopper), **numbers)
        return {"messages": [as_event(message) for message in messages], "has_more": more}

    async def orders(self, shopper: Shopper, _data: Any) -> dict[str, Any]:
        """The shopper's own orders of the last three months, newest first, to choose one from."""
        services = self._house.services
        since = services.clock.now() - ORDERS_OF
        async with services.database.session() as session:
            viewer = await self._viewer(session, shopper)
            own = await SqlOrders(session, services.clock, services.shop.gift_values).recent(viewer)
            recent = [order for order in own if order.created_at >= since][:MOST_ORDERS]
        return {
            "ok": True,
            "identified": shopper.customer_id is not None,
            "orders": [cards.order(services.texts.label, order).as_dict("") for order in recent],
        }

    async def leave_message(self, shopper: Shopper, data: Any) -> dict[str, Any]:
        """A message for people who are not there."""
        asked = _object(data)
        taken = await messages_left.take(
            self._house.services,
            self._house.hub,
            messages_left.Left(
                channel=CHANNEL,
                sender=shopper.sender,
                customer_id=shopper.customer_id,
                message_id=_client_id(asked),
                contact=_text(asked, "contact"),
                text=_text(asked, "text"),
                attachments=await attachments_of(self._house, asked.get("attachments"), shopper.sender),
            ),
        )
        return {
            "ok": True,
            "seq": taken.seq,
            "at": taken.at.isoformat(),
            "ticket": taken.ticket,
            "due_at": taken.due_at.isoformat(),
        }

    async def end(self, shopper: Shopper, _data: Any) -> dict[str, Any]:
        """The customer has what they came for."""
        await closing.end(self._house.services, self._house.hub, CHANNEL, shopper.sender)
        return {"ok": True}

    async def rate(self, shopper: Shopper, data: Any) -> dict[str, Any]:
        """What the customer thinks of it."""
        asked = _object(data)
        tags = asked.get("tags") or []
        if not isinstance(tags, list) or len(tags) > MOST_TAGS or not all(isinstance(tag, str) for tag in tags):
            raise BadInput("tags: a list of ids")
        remark = _text(asked, "text")
        if len(remark) > MAX_REMARK:
            raise BadInput(f"text: at most {MAX_REMARK} characters")
        given = surveys.Answer(_score(asked, "bot"), _score(asked, "agent"), tags, remark)
        await surveys.answer(self._house.services, self._house.hub, CHANNEL, shopper.sender, _survey_id(asked), given)
        return {"ok": True}

    async def skip_survey(self, shopper: Shopper, data: Any) -> dict[str, Any]:
        """The customer would rather not say."""
        survey_id = _survey_id(_object(data))
        await surveys.skip(self._house.services, self._house.hub, CHANNEL, shopper.sender, survey_id)
        return {"ok": True}

    async def delete_request(self, shopper: Shopper, _data: Any) -> dict[str, Any]:
        """The customer wants to be forgotten."""
        house = self._house
        ticket = await deletion.request(house.services, house.hub, CHANNEL, shopper.sender, shopper.customer_id)
        return {"ok": True, "ticket": ticket}

    async def _viewer(self, session: AsyncSession, shopper: Shopper) -> Viewer:
        """Whose orders may be seen: the customer's own, and what a visitor proved in the present talk."""
        query = transcript.open_conversation(CHANNEL, shopper.sender)
        talk = (await session.execute(query)).scalars().first()
        return Viewer(talk.id if talk else "", CHANNEL, shopper.sender, shopper.customer_id)


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise BadInput("not an object")
    return data


def _client_id(asked: Mapping[str, Any]) -> str:
    client_id = asked.get("client_id")
    if not isinstance(client_id, str) or not client_id:
        raise BadInput("a message needs a client_id")
    check_id("client_id", client_id, MAX_ID)
    return client_id


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, (str, type(None))):
        raise BadInput(f"{name} is a text")
    return clean(value or "")


def _score(asked: Mapping[str, Any], name: str) -> int | None:
    value = asked.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value not in surveys.SCORES:
        raise BadInput(f"{name}: a score from {surveys.SCORES[0]} to {surveys.SCORES[-1]}")
    return value


def _survey_id(asked: Mapping[str, Any]) -> str:
    survey_id = asked.get("id")
    if not isinstance(survey_id, str) or not SURVEY_ID.fullmatch(survey_id):
        raise NotFound("no such survey")
    return survey_id
