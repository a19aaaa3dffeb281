"""Price, stock, gift, material, warranty of a product that the message names; nothing of one that it does not."""

from __future__ import annotations

from typing import Any

from actions.found import Found
from actions.heard import Heard
from bot import cards
from bot.conversation.turn import Turn


async def _named(turn: Turn, heard: Heard) -> Any:
    skus = heard.values("product")
    return await turn.catalogue.product(str(skus[0])) if skus else None


async def price(turn: Turn, heard: Heard) -> list[Found]:
    """Today's price, with the list price beside an activity price."""
    product = await _named(turn, heard)
    if product is None:
        return []
    activity = await turn.catalogue.activity(product.sku)
    card = cards.product(turn.label, product, activity)
    fields = {"product": product.name, "price": f"{product.price:.2f}"}
    if activity is None:
        return [Found("utter_product_price", fields, (card,))]
    until = f"{activity.ends_at:%m-%d %H:%M}" if activity.ends_at else ""
    fields |= {"price": f"{activity.price:.2f}", "list_price": f"{product.price:.2f}", "until": until}
    return [Found("utter_product_price_activity", fields, (card,))]


async def stock(turn: Turn, heard: Heard) -> list[Found]:
    """In stock, when it comes back, or when a presale is sent."""
    product = await _named(turn, heard)
    if product is None:
        return []
    fields = {"product": product.name}
    shown = (cards.product(turn.label, product, await turn.catalogue.activity(product.sku)),)
    if product.stock > 0:
        return [Found("utter_product_in_stock", fields, shown)]
    if product.ships_at:
        return [Found("utter_product_presale", fields | {"ships_at": f"{product.ships_at:%m-%d}"}, shown)]
    if product.restock_at:
        return [Found("utter_product_out_of_stock", fields | {"restock": f"{product.restock_at:%m-%d}"}, shown)]
    return []


async def gift(turn: Turn, heard: Heard) -> list[Found]:
    """The gift that comes with a product."""
    return await _detail(turn, heard, "gift", "utter_product_gift")


async def material(turn: Turn, heard: Heard) -> list[Found]:
    """What a product is made of."""
    return await _detail(turn, heard, "material", "utter_product_material")


async def warranty(turn: Turn, heard: Heard) -> list[Found]:
    """How long a product is under warranty."""
    product = await _named(turn, heard)
    days = product.details["warranty_days"] if product else None
    return [Found("utter_product_warranty", {"product": product.name, "days": days})] if days else []


async def _detail(turn: Turn, heard: Heard, detail: str, key: str) -> list[Found]:
    product = await _named(turn, heard)
    value = product.details[detail] if product else None
    return [Found(key, {"product": product.name, detail: value})] if value else []
