"""The facts of a negotiation: which product, how many, the price (asked again and again), the yes to it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions import pointing
from actions.bargain import table as tables
from actions.bargain.figures import pieces, total_of
from actions.bargain.reading import Read, read
from actions.bargain.table import Table
from actions.facts import Checked, Fact
from actions.facts.order import OrderNo, PhoneTail
from actions.facts.remedy import Confirmed
from actions.heard import Heard
from actions.scene import Scene
from bot.desk import bargains
from bot.lexicon import plain
from bot.policy.bargain import Push, may_agree, respond
from bot.shop import CatalogueItem

MOST_OFFERED = 6
MOST_PIECES = 999


def choices(scene: Scene) -> list[CatalogueItem]:
    """Products to choose from where none was named: those waiting to be paid for, then what is in stock."""
    catalogue = scene.turn.services.shop.catalogue
    unpaid = [line.sku for o in scene.recent if o.facts.status == "unpaid" for line in o.facts.lines]
    in_stock = [sku for sku, item in catalogue.items() if item.stock > 0]
    return [catalogue[sku] for sku in dict.fromkeys([*unpaid, *in_stock]) if sku in catalogue][:MOST_OFFERED]


class PlacedOrder(OrderNo):
    """The order whose price is to be changed; asked only of a visitor who says that there is one."""

    clears = ("phone_tail", "goods", "quantity", "bid", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        return pointing.named_order(heard, scene)

    def needed(self, scene: Scene) -> bool:
        placed = (scene.facts.get("haggle") or {}).get("placed")
        return bool(placed) and not scene.known_customer

    async def check(self, value: Any, scene: Scene) -> Checked:
        checked = await super().check(value, scene)
        if checked.problem or not scene.known_customer:
            return checked
        return await _paid(str(checked.value), scene) or checked


class OrderPhone(PhoneTail):
    """The proof for that order."""

    def needed(self, scene: Scene) -> bool:
        return bool(scene.facts.get("order_no")) and super().needed(scene)

    async def check(self, value: Any, scene: Scene) -> Checked:
        checked = await super().check(value, scene)
        return checked if checked.problem else await _paid(scene.facts.get("order_no"), scene) or checked


async def _paid(order_no: str | None, scene: Scene) -> Checked | None:
    """The end of it, where the order's price can be changed no more."""
    order = await scene.turn.orders.find(order_no, scene.turn.viewer) if order_no else None
    if order is None or order.facts.status == "unpaid":
        return None
    return Checked(problem="utter_bargain_order_paid", fields={"order_tail": order.tail}, locked=True)


class BargainedGoods(Fact):
    """Which product."""

    slot = "goods"
    clears = ("quantity", "bid", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        return heard.pressed.get(self.slot) or next(iter(heard.values("product")), None)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        pointed = pointing.pointed_at(heard, choices(scene))
        return pointed.sku if pointed else None

    def needed(self, scene: Scene) -> bool:
        return scene.detail is None

    async def check(self, value: Any, scene: Scene) -> Checked:
        known = str(value) in scene.turn.services.shop.catalogue
        return Checked(str(value)) if known else Checked(problem="utter_not_understood")


class Pieces(Fact):
    """How many pieces: one unless the customer says otherwise; never asked."""

    slot = "quantity"
    clears = ("confirmed",)

    def adds(self, known: Any, value: Any) -> bool:
        return True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        return pieces(heard, plain(heard.text))

    def answer(self, heard: Heard, scene: Scene) -> Any:
        return None

    def needed(self, scene: Scene) -> bool:
        return False

    async def check(self, value: Any, scene: Scene) -> Checked:
        if 1 <= int(value) <= MOST_PIECES:
            return Checked(int(value))
        return Checked(problem="utter_bargain_too_many")


class Bid(Fact):
    """The price. Each push gets its answer from policy; the fact is known once both agree, or the customer leaves.

    A push that came before the product was known is kept as it was read.
    """

    slot = "bid"
    clears = ("confirmed",)
    rests_on_order = True

    def adds(self, known: Any, value: Any) -> bool:
        return True  # a new push never corrects an earlier one

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        agreed = scene.facts.get(self.slot) is not None
        told = read(heard, asked=False, known=scene.facts.get("quantity"))
        return told.as_slot() if told and (told.kind == "bid" or agreed) else None

    def answer(self, heard: Heard, scene: Scene) -> Any:
        table: Table | None = scene.detail
        other = [sku for sku in heard.values("product") if table and sku != table.sku]
        if other and not _is_compared(heard):
            return None
        waiting = table is not None and table.talk.waiting
        known = table.goods.quantity if table else None
        told = read(heard, asked=True, waiting=waiting, known=known)
        return told.as_slot() if told else None

    def needed(self, scene: Scene) -> bool:
        return True

    async def check(self, value: Any, scene: Scene) -> Checked:
        if isinstance(value, str):
            value = Read("accept" if value == "accept" else "less").as_slot()
        if "declined" in value or "settled" in value:
            return Checked(value)
        if value.get("placed"):
            scene.facts["haggle"] = {**(scene.facts.get("haggle") or {}), "placed": True}
        table: Table | None = scene.detail
        if table is None:
            return Checked(value)
        if "agreed" in value:
            return Checked(value if _still_holds(value, table) else None)
        told = Read.from_slot(value)
        if told.quantity and table.order is None:
            scene.facts["quantity"] = min(told.quantity, MOST_PIECES)
            table = await tables.lay(scene) or table
        if table.deal is not None and told.kind != "decline":
            return Checked({"settled": table.deal.id})
        return Checked(await negotiate(told, table, scene))


async def negotiate(told: Read, table: Table, scene: Scene) -> dict[str, Any] | None:
    """Answer a push by policy and remember the answer; what was agreed, if anything."""
    turn = scene.turn
    if table.approval is not None and table.approval.status == bargains.PENDING and not table.talk.waiting:
        await bargains.drop(turn.session, turn.services, table.approval, turn.now)
        if told.kind != "accept":
            tables.remember(scene, table, table.talk, "expired")
            return None
    total = total_of(told.figure, table.goods, table.talk) if told.figure else None
    if told.kind == "decline":
        return {"declined": True}
    talk, answer = respond(table.goods, table.talk, Push(told.kind, total, told.elsewhere), table.rules)
    tables.remember(scene, table, talk, answer.said)
    if answer.said == "asked" and answer.total is not None:
        table = replace(table, talk=talk)
        await _ask_a_person(table, answer.total, scene)
    if answer.said != "agreed" or answer.total is None:
        return None
    return {"agreed": f"{answer.total:.2f}", "quantity": table.goods.quantity, "sku": table.sku}


async def _ask_a_person(table: Table, total: Decimal, scene: Scene) -> None:
    turn, quantity = scene.turn, table.goods.quantity
    subject = {"sku": table.sku, "product": table.name, "quantity": quantity, "offered": f"{table.standing:.2f}"}
    approval = await bargains.ask(
        turn.session,
        turn.services,
        turn.conversation,
        subject=subject,
        amount=total,
        request=turn.label("label_bargain_request", amount=f"{total:.2f}", **subject),
        now=turn.now,
    )
    scene.detail = replace(scene.detail, approval=approval)


def _still_holds(value: dict[str, Any], table: Table) -> bool:
    same = value.get("sku") == table.sku and value.get("quantity") == table.goods.quantity
    return same and may_agree(table.goods, table.talk, Decimal(value["agreed"]))


def _is_compared(heard: Heard) -> bool:
    """Whether the message speaks of another shop's goods rather than of another wish."""
    told = read(heard, asked=True)
    return told is not None and told.elsewhere


class Agreed(Confirmed):
    """The one confirmation, of the price that was agreed; what everybody gets anyway needs none."""

    def pressed(self, heard: Heard, scene: Scene) -> Any:
        agreed, value = heard.pressed.get(self.slot), scene.facts.get("bid") or {}
        table: Table | None = scene.detail
        if agreed and (table is None or "agreed" not in value):
            return None
        if agreed and table and heard.pressed.get("terms") != table.terms(Decimal(value["agreed"])):
            return None
        return agreed

    def answer(self, heard: Heard, scene: Scene) -> Any:
        told = read(heard, asked=True)
        if told is not None and told.kind == "accept":
            return True
        return super().answer(heard, scene)

    def needed(self, scene: Scene) -> bool:
        table: Table | None = scene.detail
        value = scene.facts.get("bid") or {}
        return table is not None and "agreed" in value and not table.is_list_price(Decimal(value["agreed"]))
