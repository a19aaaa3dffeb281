"""How a negotiation asks: the bot's answer to the last push is the question; once more, it is what stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions.bargain.facts import choices
from actions.bargain.table import Table
from actions.heard import payload
from actions.offers import AskConfirmed
from actions.questions import Ask, Button
from actions.scene import Scene
from bot import cards
from bot.desk.tickets import when
from bot.model import Card
from bot.policy.bargain import Goods

WORTH = ("material", "warranty_days", "capacity", "set", "shelf_life")
OFFERS = ("step", "lowest", "too_low", "gift", "granted", "fixed", "coupon_price", "coupon_last")
NAMES_COUPON = tuple(f"utter_ask_bid_{said}" for said in ("coupon", "coupon_price", "coupon_last"))
TAKES_IT = (*OFFERS, "asked", "waiting", "expired", "noted")


class AskGoods(Ask):
    """Which product, with some to choose from."""

    slot = "goods"

    def name(self) -> str:
        return "action_ask_goods"

    def buttons(self, scene: Scene) -> list[Button]:
        return [{"title": item.name, "payload": payload(goods=item.sku)} for item in choices(scene)]


class AskBid(Ask):
    """The bot's side of the negotiation."""

    slot = "bid"

    def name(self) -> str:
        return "action_ask_bid"

    def key(self, scene: Scene) -> str:
        table: Table | None = scene.detail
        if table is None or not table.said:
            return "utter_ask_bid"
        if table.said_at != scene.turn.now.isoformat() or table.said == "agreed":
            return "utter_ask_bid_waiting" if table.talk.waiting else "utter_ask_bid_standing"
        if table.said == "step" and table.unit <= table.goods.lowest:
            return "utter_ask_bid_floor"
        if table.said == "step" and table.goods.returning:
            return "utter_ask_bid_step_returning"
        if table.said == "fixed" and not table.activity_until:
            return "utter_ask_bid_lowest"
        if table.said == "asked" and not scene.turn.services.shop.is_open(scene.turn.now):
            return "utter_ask_bid_asked_closed"
        if table.said == "noted" and not table.talk.waiting:
            return "utter_ask_bid_standing"
        if table.said == "freight":
            return "utter_ask_bid_freight_free" if _is_free(scene, table.standing) else "utter_ask_bid_freight"
        return f"utter_ask_bid_{table.said}"

    def fields(self, scene: Scene) -> dict[str, Any]:
        return fields(scene) if scene.detail else {}

    def buttons(self, scene: Scene) -> list[Button]:
        table: Table | None = scene.detail
        if table is None or table.said not in TAKES_IT:
            return []
        label = scene.turn.label
        return [
            {"title": label("label_bargain_take"), "payload": payload(bid="accept")},
            {"title": label("label_person"), "payload": "/request_human"},
        ]

    def cards(self, scene: Scene) -> list[Card]:
        table: Table | None = scene.detail
        if table is None or table.coupon is None or self.key(scene) not in NAMES_COUPON:
            return []
        return [cards.coupon(scene.turn.label, table.coupon, table.coupon_until)]


class AskAgreed(AskConfirmed):
    """The agreed price once more, with what comes to it and how it is used; after a "no", what was wrong."""

    def name(self) -> str:
        return "action_ask_bargain_form_confirmed"

    def key(self, scene: Scene) -> str:
        table: Table | None = scene.detail
        if table and agreed_total(scene) >= table.goods.today_total:
            return "utter_ask_confirmed_gift"
        return "utter_ask_confirmed_price_of_order" if table and table.order else "utter_ask_confirmed_price"

    def fields(self, scene: Scene) -> dict[str, Any]:
        table: Table | None = scene.detail
        return fields(scene) | agreed_fields(scene, table) if table else {}

    def terms(self, scene: Scene) -> str:
        table: Table | None = scene.detail
        return table.terms(agreed_total(scene)) if table else ""

    def doubtful(self, scene: Scene) -> list[str]:
        return ["bid", "goods"]


def agreed_total(scene: Scene) -> Decimal:
    """What was agreed for all pieces."""
    return Decimal((scene.facts.get("bid") or {})["agreed"])


def fields(scene: Scene) -> dict[str, Any]:
    """What the wordings may name; all prices that stand, none below."""
    table: Table = scene.detail
    turn, goods = scene.turn, table.goods
    approval = table.approval
    told: dict[str, Any] = {
        "product": table.name,
        "today": short(goods.today),
        "unit": short(table.unit),
        "price": standing_text(scene, table),
        "worth": worth(scene, table),
        "gift": table.rules.gift,
        "extra": short(table.rules.returning_customer_extra),
        "activity_until": when(table.activity_until, turn.now) if table.activity_until else "",
        "opens": when(turn.services.shop.opens_at(turn.now), turn.now),
        "coupon": table.coupon.text if table.coupon else "",
        "coupon_until": f"{table.coupon_until:%m-%d}" if table.coupon_until else "",
    }
    if approval is not None:
        told |= {"asked": short(approval.amount), "due": when(approval.due_at, turn.now)}
    if scene.order:
        told["order_tail"] = scene.order.tail
    return told


def agreed_fields(scene: Scene, table: Table) -> dict[str, Any]:
    """What a confirmation names."""
    turn, total = scene.turn, agreed_total(scene)
    freight = "label_bargain_freight_free" if _is_free(scene, total) else "label_bargain_freight"
    extras = [turn.label(freight)]
    if table.talk.gift:
        extras.append(turn.label("label_bargain_gift", gift=table.rules.gift))
    return {
        "items": f"{table.name}×{table.goods.quantity}",
        "total": f"{total:.2f}",
        "extras": "，".join(extras),
        "order_tail": table.order.tail if table.order else "",
        "hours": table.rules.offer_hours,
    }


def standing_text(scene: Scene, table: Table) -> str:
    """What stands, as customers read it; with the coupon where that is the best there is."""
    price = price_text(scene, table.goods, table.standing)
    if table.coupon is None or not table.goods.coupon_is_best or table.standing < table.goods.today_total:
        return price
    return scene.turn.label("label_bargain_coupon", price=price, coupon=table.coupon.text)


def price_text(scene: Scene, goods: Goods, total: Decimal) -> str:
    """A price as customers read it: of one piece, or of all with the price of one."""
    if goods.quantity == 1:
        return scene.turn.label("label_bargain_one", total=short(total))
    return scene.turn.label("label_bargain_several", total=short(total), quantity=goods.quantity)


def worth(scene: Scene, table: Table) -> str:
    """What the product is worth, from the catalogue: the first thing that it says of itself."""
    for name in WORTH:
        value = table.details.get(name)
        if value:
            shown = "、".join(f"{part}×{count}" for part, count in value.items()) if isinstance(value, dict) else value
            return scene.turn.label(f"label_worth_{name}", value=shown)
    always = table.details.get("no_reason") == "always"
    return scene.turn.label("label_worth_returns" if always else "label_worth_care")


def short(amount: Decimal) -> str:
    """Yuan without needless zeros: 64, 37.9, 26.67."""
    return f"{amount.normalize():f}" if amount != amount.to_integral_value() else f"{amount:.0f}"


def _is_free(scene: Scene, total: Decimal) -> bool:
    return total >= Decimal(scene.turn.services.shop.shipping["free_from"])
