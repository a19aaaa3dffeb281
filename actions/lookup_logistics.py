"""Where a parcel is, when it will be sent: from the customer's own orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from actions.found import Found
from actions.heard import Heard
from bot import cards
from bot.conversation.turn import Turn
from bot.model import Card
from bot.orders.gateway import OrderView
from bot.policy.decide import decide
from bot.policy.facts import Claim


async def order_meant(turn: Turn, heard: Heard, status: tuple[str, ...]) -> OrderView | None:
    """The own order that the message means: by number or tail, by product, else the newest in one of these states."""
    number = heard.value("order_no")
    if number:
        return await turn.orders.find(str(number), turn.viewer)
    orders = await turn.orders.recent(turn.viewer)
    tail = heard.value("order_tail")
    if tail:
        return next((order for order in orders if order.order_no.endswith(str(tail))), None)
    skus = set(heard.values("product"))
    if skus:
        orders = [order for order in orders if any(line.sku in skus for line in order.facts.lines)] or orders
    return next((order for order in orders if order.facts.status in status), None)


async def order_of(turn: Turn, heard: Heard) -> OrderView | None:
    """The own order that a question about its way is about."""
    waits_first = ("paid", "shipped") if heard.intent == "ask_shipping_time" else ("shipped", "paid")
    found = [await order_meant(turn, heard, (status,)) for status in waits_first]
    return next((order for order in found if order), None)


async def parcel(turn: Turn, heard: Heard) -> list[Found]:
    """The latest news of a parcel."""
    order = await order_meant(turn, heard, ("shipped",)) or await order_meant(turn, heard, ("paid",))
    if order is None:
        return []
    if order.facts.status == "paid":
        return await _unshipped(turn, order)
    if order.facts.shipped_at is None:
        return []
    label = turn.label
    under_way = [parcel for parcel in order.parcels if parcel["signed_at"] is None]
    if under_way:
        found = zip(under_way, cards.parcels(label, order, under_way=True), strict=True)
        return [_news(order.tail, parcel["courier"], parcel, card) for parcel, card in found]
    own = {"tracking": order.tracking, "trace": order.trace, "signed_at": order.facts.signed_at}
    return [_news(order.tail, order.courier, own, *cards.parcels(label, order))]


def _news(tail: str, courier: str | None, parcel: Mapping[str, Any], *way: Card) -> Found:
    """The latest of a parcel."""
    fields = {"order_tail": tail, "courier": courier, "tracking": parcel["tracking"]}
    if parcel["signed_at"]:
        return Found("utter_track_order_signed", fields | {"at": _spoken(parcel["signed_at"])}, way)
    trace = parcel.get("trace")
    if not trace:
        return Found("utter_track_order_sent", fields, way)
    at = _spoken(datetime.fromisoformat(trace[-1]["at"]))
    return Found("utter_track_order_found", fields | {"latest": trace[-1]["text"], "at": at}, way)


async def shipping(turn: Turn, heard: Heard) -> list[Found]:
    """By when an order is sent, or that it is late."""
    order = await order_meant(turn, heard, ("paid",))
    if order is None:
        return []
    return await _unshipped(turn, order) if order.facts.status == "paid" else await parcel(turn, heard)


async def _unshipped(turn: Turn, order: OrderView) -> list[Found]:
    if order.facts.paid_at is None:
        return []
    pack = turn.services.packs.for_payment(order.facts.paid_at)
    if order.presale:
        products = [await turn.catalogue.product(line.sku) for line in order.facts.lines]
        ships = next((product.ships_at for product in products if product and product.ships_at), None)
        if ships is None:
            return []
        return [Found("utter_shipping_presale", {"order_tail": order.tail, "ships_at": _spoken(ships)})]
    if decide(order.facts, Claim("late_shipping"), pack, turn.now).eligible:
        return [Found("utter_shipping_late", {"order_tail": order.tail})]
    due = order.facts.paid_at + timedelta(hours=pack.late_shipping.after_hours)
    return [Found("utter_shipping_due", {"order_tail": order.tail, "due": _spoken(due)})]


def _spoken(instant: datetime) -> str:
    """An instant as people write it."""
    return f"{instant:%m-%d %H:%M}"
