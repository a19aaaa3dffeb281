"""What a customer shows us, as a message of theirs: the card, its words, and the payload by which the bot takes it in.

For channels: the payload becomes that of an issued button whose title is the text; without one the text is all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import cards
from bot.conversation.inbox import clean
from bot.errors import BadInput, NotFound
from bot.model import Card
from bot.orders.gateway import Viewer
from bot.orders.sql import SqlCatalogue, SqlOrders
from bot.services import Services

Shown = tuple[Card, str, str | None]

LONGEST_SKU, LONGEST_NAME = 40, 60
MOST_YUAN = Decimal(10) ** 7


async def product(session: AsyncSession, services: Services, told: Mapping[str, Any]) -> Shown:
    """A product that is being looked at; `told`: sku, name, price, as the page says. Raises BadInput without a name.

    What the catalogue has is shown as it has it. Of another product only its name and, as the page's word, its price
    are taken over: the page is the customer's, so that neither links nor pictures of it are.
    """
    label = services.texts.label
    sku = _line(told.get("sku"), LONGEST_SKU)
    catalogue = SqlCatalogue(session, services.clock)
    row = await catalogue.product(sku) if sku else None
    if row is not None:
        card = cards.product(label, row, await catalogue.activity(sku))
        return card, label("label_shown_product", product=row.name), _payload(product=sku)
    name = _line(told.get("name"), LONGEST_NAME) or sku
    if not name:
        raise BadInput("product: a sku or a name")
    price = _price(told.get("price"))
    card = Card(type="product", title=name, subtitle=label("label_page_price", price=price) if price else "", ref=sku)
    return card, label("label_shown_product", product=name), None


async def order(session: AsyncSession, services: Services, viewer: Viewer, order_no: str) -> Shown:
    """An order of the viewer's own. Raises NotFound for any other."""
    orders = SqlOrders(session, services.clock, services.shop.gift_values)
    view = await orders.find(order_no, viewer)
    if view is None:
        raise NotFound("no such order")
    label = services.texts.label
    text = label("label_shown_order", order_tail=view.tail, items=cards.goods(view))
    return cards.order(label, view), text, _payload(order_no=view.order_no)


def _line(told: Any, longest: int) -> str:
    """What a page says, as one clean short line; empty where it is no text."""
    return " ".join(clean(told).split())[:longest].strip() if isinstance(told, str) else ""


def _price(told: Any) -> str:
    """Yuan with two decimals, where a page tells an amount."""
    try:
        price = Decimal(str(told))
    except InvalidOperation:
        return ""
    return f"{price:.2f}" if price.is_finite() and 0 <= price < MOST_YUAN else ""


def _payload(**values: str) -> str:
    return "/inform" + json.dumps(values, ensure_ascii=False)
