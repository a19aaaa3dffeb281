"""What lies on the table: the product as it is today, how far the talk has come, the order that waits to be paid."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from actions.scene import Scene
from bot import coupons
from bot.desk import bargains
from bot.desk.tickets import UNSETTLED
from bot.orders.gateway import OrderView
from bot.policy.bargain import Goods, Talk, standing, unit_offer
from bot.policy.money import ZERO
from bot.policy.sections import Bargain
from bot.shop import Coupon
from bot.store.models import Ticket

MOST_TALKS = 5
DEAL = "order_note"
KEPT = ("rounds", "valued", "sweetened", "coupons", "gift", "steps")


@dataclass(frozen=True)
class Table:
    """`said` is the bot's last answer, `said_at` when; `order`: the unpaid one that the bargaining is about.

    `approval`: the last one asked for; `deal`: the ticket of an earlier agreement that still holds.
    """

    sku: str
    name: str
    goods: Goods
    talk: Talk
    rules: Bargain
    details: Mapping[str, Any]
    said: str = ""
    said_at: str = ""
    activity_until: datetime | None = None
    coupon: Coupon | None = None
    coupon_until: datetime | None = None
    order: OrderView | None = None
    approval: Any = None
    deal: Any = None

    @property
    def standing(self) -> Decimal:
        """The total that can be had now."""
        return standing(self.goods, self.talk)

    @property
    def unit(self) -> Decimal:
        """The price of a piece that is offered."""
        return unit_offer(self.goods, self.talk)

    def terms(self, total: Decimal) -> str:
        """Stands for what a confirmation agrees to."""
        told = (self.sku, self.goods.quantity, total, self.talk.gift, self.order and self.order.order_no)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:12]

    def is_list_price(self, total: Decimal) -> bool:
        """Whether nothing was agreed beyond what everybody gets."""
        return total >= self.goods.today_total and not self.talk.gift


async def lay(scene: Scene) -> Table | None:
    """The table, once the product is known."""
    turn, sku = scene.turn, scene.facts.get("goods") or _only_one(scene.order)
    product = await turn.catalogue.product(str(sku)) if sku else None
    if product is None:
        return None
    rules = turn.services.packs.for_payment(None).bargain
    order = await _unpaid(scene, product.sku)
    line = order.line(product.sku) if order else None
    quantity = line.quantity if line else int(scene.facts.get("quantity") or 1)
    activity = await turn.catalogue.activity(product.sku)
    today = min(product.price, activity.price) if activity else product.price
    level = turn.customer.level if turn.customer else ""
    coupon = None if order else coupons.best(turn.services.shop.coupons, today * quantity, level)
    asked = await bargains.about(turn.session, turn.conversation.id, product.sku)
    kept = talks_of(scene).get(product.sku, {})
    return Table(
        sku=product.sku,
        name=product.name,
        goods=Goods(
            today=today,
            floor=product.floor,
            quantity=quantity,
            activity=activity is not None,
            returning=level in rules.returning_levels,
            coupon=coupon.reduction if coupon else ZERO,
        ),
        talk=_talk(kept, asked, turn.now, rules),
        rules=rules,
        details=product.details,
        said=kept.get("said", ""),
        said_at=kept.get("at", ""),
        activity_until=activity.ends_at if activity else None,
        coupon=coupon,
        coupon_until=await coupons.until(turn.session, coupon, turn.now) if coupon else None,
        order=order,
        approval=asked[-1] if asked else None,
        deal=await _deal(scene, product.sku),
    )


def talks_of(scene: Scene) -> dict[str, dict[str, Any]]:
    """What is remembered of each product that was bargained over, the latest last."""
    return dict((scene.facts.get("haggle") or {}).get("talks") or {})


def remember(scene: Scene, table: Table, talk: Talk, said: str) -> None:
    """Keep how far the talk over this product has come."""
    kept: dict[str, Any] = {name: getattr(talk, name) for name in KEPT}
    kept |= {"offer": None if talk.offer is None else str(talk.offer), "said": said}
    kept["at"] = scene.turn.now.isoformat()
    talks = talks_of(scene)
    talks.pop(table.sku, None)
    latest = dict([*talks.items(), (table.sku, kept)][-MOST_TALKS:])
    scene.facts["haggle"] = {**(scene.facts.get("haggle") or {}), "talks": latest}
    scene.detail = replace(table, talk=talk, said=said, said_at=kept["at"])


def _talk(kept: Mapping[str, Any], asked: list[Any], now: datetime, rules: Bargain) -> Talk:
    """Memory, with what people decided; a granted price holds as long as an offer does."""
    talk = Talk(**{name: kept[name] for name in KEPT if name in kept}, asked=len(asked))
    talk = replace(talk, offer=Decimal(kept["offer"]) if kept.get("offer") else None)
    last = asked[-1] if asked else None
    if last is None:
        return talk
    holds = last.decided_at is not None and now < last.decided_at + timedelta(hours=rules.offer_hours)
    if last.status == bargains.APPROVED and holds:
        return replace(talk, granted=last.amount, granted_for=last.subject["quantity"])
    return replace(
        talk,
        waiting=last.status == bargains.PENDING and last.due_at > now,
        refused=any(row.status == bargains.REJECTED for row in asked),
    )


def _only_one(order: OrderView | None) -> str | None:
    """The product of an unpaid order that has no other."""
    return (
        order.facts.lines[0].sku if order and order.facts.status == "unpaid" and len(order.facts.lines) == 1 else None
    )


async def _unpaid(scene: Scene, sku: str) -> OrderView | None:
    """The own order that is not paid yet and has the product: the one that was named, else the newest."""
    named = [scene.order] if scene.order else scene.recent
    told = scene.facts.get("quantity")
    for order in named:
        line = order.line(sku)
        if order.facts.status == "unpaid" and line and told in (None, line.quantity):
            return order
    return None


async def _deal(scene: Scene, sku: str) -> Any:
    """The ticket of an earlier agreement on this product that still holds."""
    turn = scene.turn
    query = select(Ticket).where(
        Ticket.conversation_id == turn.conversation.id, Ticket.cause == "bargain", Ticket.status.in_(UNSETTLED)
    )
    for ticket in (await turn.session.execute(query.order_by(Ticket.created_at.desc()))).scalars().all():
        if ticket.items[0]["sku"] == sku and (ticket.order_no or ticket.due_at > turn.now):
            return ticket
    return None
