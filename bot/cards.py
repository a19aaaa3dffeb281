"""Cards from what the house knows: each kind is built here and nowhere else.

Every figure comes from an order, the catalogue or policy, every word from the shop's texts (`Label`: `Texts.label`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.model import Card, Step
from bot.orders.gateway import OrderView
from bot.policy.pack import RulePack
from bot.shop import Coupon

Label = Callable[..., str]

SUBMITTED, REVIEWED, GOODS_BACK, PAYING, ARRIVED = "submitted", "reviewed", "goods_back", "paying", "arrived"
LAST_PASSED: Mapping[str, str] = {"approved": GOODS_BACK, "done": PAYING}
"""How far a refund in this state has come; only the bank knows when the money is there. Others are just submitted."""
SIGNED = "signed"


def shown(*cards: Card | None) -> dict[str, Any] | None:
    """Cards as an action hands them over (`json_message`); None without any."""
    told = [card.as_dict(card.payload) for card in cards if card]
    return {"cards": told} if told else None


def yuan(amount: Decimal | str | None) -> str:
    """An amount as cards hold it: 39.90; empty where no money moves."""
    return "" if amount is None else f"{Decimal(amount):.2f}"


def order(label: Label, view: OrderView, payload: str = "") -> Card:
    """An order, to choose where it has a payload."""
    lines = view.facts.lines
    options = " ".join(str(value) for value in (view.options[0] if view.options else {}).values())
    count = sum(line.quantity for line in lines)
    at = f"{view.created_at:%m-%d}"
    return Card(
        type="order",
        title=goods(view),
        payload=payload,
        subtitle=label("label_order_line", tail=view.tail, count=count, options=options, at=at).strip(),
        amount=yuan(view.facts.paid if view.facts.paid_at else None),
        state=label(f"label_order_{view.facts.status}"),
        ref=view.order_no,
    )


def goods(view: OrderView) -> str:
    """What was bought."""
    return "、".join(line.name for line in view.facts.lines)


def parcels(label: Label, view: OrderView, *, under_way: bool = False) -> list[Card]:
    """A card for each parcel of the order that was sent, or for each that is still on its way."""
    if not view.parcels:
        return [_parcel(label, view, view.courier, view.tracking, view.trace, view.facts.signed_at)]
    return [
        _parcel(label, view, each["courier"], each["tracking"], each.get("trace") or (), _instant(each["signed_at"]))
        for each in view.parcels
        if not (under_way and each["signed_at"])
    ]


def _parcel(
    label: Label,
    view: OrderView,
    courier: str | None,
    tracking: str | None,
    trace: Sequence[Mapping[str, str]],
    signed_at: datetime | None,
) -> Card:
    """The way of a parcel, the newest news first."""
    steps = [Step(label("label_step_signed"), signed_at.isoformat())] if signed_at else []
    steps += [Step(str(news["text"]), str(news["at"])) for news in reversed(trace)]
    if not trace and view.facts.shipped_at:
        steps.append(Step(label("label_step_shipped"), view.facts.shipped_at.isoformat()))
    return Card(
        type="logistics",
        title=label("label_parcel", courier=courier or "", tracking=tracking or "").strip(),
        subtitle=label("label_order_tail", order_tail=view.tail),
        state=label("label_order_signed" if signed_at else "label_order_shipped"),
        steps=tuple(steps),
        copy=tracking or "",
        ref=view.order_no,
    )


def _instant(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def refund(
    label: Label,
    *,
    number: str,
    amount: Decimal | str | None,
    order_tail: str,
    status: str,
    applied_at: datetime,
    goods_back: bool = False,
) -> Card:
    """How far a refund is, as a ticket or the payment side says; nothing here says that money has arrived."""
    names = [SUBMITTED, REVIEWED, *([GOODS_BACK] if goods_back else []), PAYING, ARRIVED]
    last = LAST_PASSED.get(status, SUBMITTED)
    passed = names.index(last if last in names else REVIEWED)
    steps = (
        Step(label(f"label_step_{name}"), applied_at.isoformat() if name == SUBMITTED else "", place <= passed)
        for place, name in enumerate(names)
    )
    return Card(
        type="refund",
        title=label("label_refund_progress"),
        subtitle=label("label_order_tail", order_tail=order_tail),
        amount=yuan(amount),
        state=label(f"label_refund_{status}"),
        lines=(label("label_refund_number", number=number), label("label_refund_route"), label("label_refund_days")),
        steps=tuple(steps),
        ref=number,
    )


def returning(label: Label, address: Mapping[str, str], ticket: str) -> Card:
    """Where goods are sent back to, with what belongs into the parcel."""
    who = f"{address['name']} {address['phone']}"
    return Card(
        type="return",
        title=label("label_return_goods"),
        lines=(who, address["address"], label("label_return_pack", ticket=ticket)),
        copy=f"{who} {address['address']}",
        ref=ticket,
    )


def rule(label: Label, pack: RulePack, rule_ids: Sequence[str]) -> Card:
    """The clauses that a ruling rests on; its title is the rule's name where there is only one."""
    key = f"label_rule_name_{rule_ids[0]}"
    name = label(key) if len(rule_ids) == 1 else key
    return Card(
        type="rule",
        title=label("label_rule_card", rule=label("label_rule_name") if name == key else name),
        subtitle=label("label_rule_version", version=pack.version, since=f"{pack.effective_from:%Y-%m-%d}"),
        lines=tuple(pack.clause(rule_id) for rule_id in rule_ids),
        ref=rule_ids[0],
    )


def coupon(label: Label, told: Coupon, until: datetime | None) -> Card:
    """A coupon: what it takes off, from which total on, and how long."""
    lines = [label("label_coupon_from", least=yuan(told.min_spend))]
    lines += [label("label_coupon_until", at=f"{until:%Y-%m-%d}")] if until else []
    return Card(type="coupon", title=told.text, amount=yuan(told.reduction), lines=tuple(lines))


def size(label: Label, product: str, sizes: Mapping[str, Mapping[str, Sequence[float]]]) -> Card:
    """The sizes that fit, each with the measures that it is made for."""
    several = len(sizes) > 1
    lines = []
    for name, measures in sizes.items():
        told = [
            label(f"label_measure_{measure}", least=f"{bounds[0]:g}", most=f"{bounds[1]:g}")
            for measure, bounds in measures.items()
        ]
        lines.append(" ".join([*([label("label_option_size", value=name)] if several else []), *told]))
    return Card(
        type="size",
        title=label("label_size_between" if several else "label_size", size="/".join(sizes)),
        subtitle=product,
        lines=tuple(lines),
    )


def product(label: Label, row: Any, activity: Any) -> Card:
    """A product of the catalogue at today's price; `activity`: the price change that holds now."""
    price = min(row.price, activity.price) if activity else row.price
    reduced = price < row.price
    until = f"{activity.ends_at:%m-%d %H:%M}" if reduced and activity.ends_at else ""
    return Card(
        type="product",
        title=row.name,
        subtitle=label("label_list_price", price=yuan(row.price)) if reduced else "",
        amount=yuan(price),
        state=stock(label, row),
        lines=(label("label_activity_until", at=until),) if until else (),
        ref=row.sku,
    )


def stock(label: Label, row: Any) -> str:
    """Whether a product can be had, and when."""
    if row.stock > 0:
        return label("label_stock_there")
    if row.ships_at:
        return label("label_stock_presale", at=f"{row.ships_at:%m-%d}")
    return label("label_stock_later", at=f"{row.restock_at:%m-%d}") if row.restock_at else label("label_stock_gone")
