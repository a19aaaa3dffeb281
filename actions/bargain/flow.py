"""Bargaining as a flow: whoever wants it cheaper leads to an agreed price, kept as a ticket, or to an honest no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bargain import table as tables
from actions.bargain.ask import agreed_fields, agreed_total, fields
from actions.bargain.facts import Agreed, BargainedGoods, Bid, OrderPhone, Pieces, PlacedOrder
from actions.bargain.reading import Read, pushed
from actions.bargain.table import Table
from actions.base import slots_of
from actions.end import FlowEnd
from actions.flow import Flow, build_scene, register
from actions.form import FlowForm
from actions.heard import Heard
from actions.scene import Scene
from bot.conversation.turn import Turn
from bot.desk import bargains, tickets
from bot.policy.bargain import may_agree

bid = Bid()


@register
class BargainFlow(Flow):
    """Product, pieces, the price. An order only where one waits to be paid: then its price is changed."""

    name = "bargain"
    intents = ("bargain",)
    absorbs = ("ask_price", "ask_promotion", "ask_coupon", "confirm_order")
    identify = (PlacedOrder(), OrderPhone(), BargainedGoods(), Pieces(), bid, Agreed())
    settle = ()
    settles_goods = False
    of_order = False
    memory = ("haggle",)

    @classmethod
    def claim(cls, scene: Scene) -> None:
        return None

    @classmethod
    def usual(cls, status: str) -> bool:
        return status == "unpaid"

    @classmethod
    async def guess(
        cls, scene: Scene, heard: Heard, told: Mapping[str, Any], slots: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The product talked of just before, or the one that waits to be paid for; and that less is wanted."""
        resumed = "goods" in heard.pressed
        found: dict[str, Any] = {} if resumed or "bid" in told else {"bid": (pushed(heard) or Read("less")).as_slot()}
        if "goods" in told:
            return found
        in_talk = told.get("order_no") or slots.get("order_in_talk")
        order = await scene.turn.orders.find(in_talk, scene.turn.viewer) if in_talk else None
        waiting = [order] if order else []
        if not waiting and slots.get("product_in_talk"):
            return found | {"goods": slots["product_in_talk"]}
        waiting = waiting or scene.recent
        lines = [line for o in waiting if o.facts.status == "unpaid" for line in o.facts.lines]
        return found | {"goods": lines[0].sku} if len(lines) == 1 else found

    @classmethod
    async def look_up(cls, scene: Scene) -> Table | None:
        return await tables.lay(scene)


class ValidateBargainForm(FlowForm):
    """The form's one action."""

    flow = BargainFlow

    def name(self) -> str:
        return "validate_bargain_form"


class EndBargain(FlowEnd):
    """The flow's exit: the agreed price becomes a ticket, if it may still be agreed now."""

    flow = BargainFlow

    def name(self) -> str:
        return "action_bargain_end"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        goods = tracker.get_slot("goods")
        events = await super().run(dispatcher, tracker, domain)
        return [*([SlotSet("product_in_talk", goods)] if goods else []), *events]

    async def _conclude(self, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher) -> Scene:
        told = slots_of(tracker)
        scene = await build_scene(self.flow, turn, told)
        table: Table | None = scene.detail
        value = scene.facts.get("bid") or {}
        if table is None:
            dispatcher.utter_message(response="utter_error")
        elif "settled" in value:
            await _already(scene, table, dispatcher)
        elif "declined" in value:
            key = "utter_bargain_left" if table.standing < table.goods.today_total else "utter_bargain_left_as_it_is"
            dispatcher.utter_message(response=key, **fields(scene))
        elif not may_agree(table.goods, table.talk, Decimal(value["agreed"])):
            dispatcher.utter_message(response="utter_bargain_changed", **fields(scene))
        elif table.is_list_price(agreed_total(scene)):
            key = "utter_bargain_list_price_of_order" if table.order else "utter_bargain_list_price"
            key = "utter_bargain_list_price_coupon" if table.coupon and table.goods.coupon_is_best else key
            tail = {"order_tail": table.order.tail} if table.order else {}
            dispatcher.utter_message(response=key, **fields(scene) | tail)
        else:
            await _keep(scene, table, agreed_total(scene), dispatcher)
        return scene


async def _keep(scene: Scene, table: Table, total: Decimal, dispatcher: CollectingDispatcher) -> None:
    """Open the ticket by which the price is changed; an approval that still waits has lost its object."""
    turn = scene.turn
    granted = total < table.goods.lowest_total
    if table.order:
        await turn.orders.hold(table.order.order_no, turn.viewer)
    if table.approval is not None and table.approval.status == bargains.PENDING:
        await bargains.drop(turn.session, turn.services, table.approval, turn.now)
    told = agreed_fields(scene, table)
    ticket = await tickets.open_ticket(
        turn.session,
        turn.services,
        turn.conversation,
        type=tables.DEAL,
        status="approved",
        now=turn.now,
        order_no=table.order.order_no if table.order else None,
        cause="bargain",
        items=[{"sku": table.sku, "quantity": table.goods.quantity}],
        amount=total,
        reason=turn.label("label_bargain_reason", items=told["items"], total=told["total"], extras=told["extras"]),
        rule_ids=("bargain", "bargain_approval") if granted else ("bargain",),
        due_at=_due(scene, table),
    )
    key = "utter_bargain_gift" if total >= table.goods.today_total else "utter_bargain_agreed"
    key = f"{key}_of_order" if table.order else key
    due = tickets.when(ticket.due_at, turn.now)
    dispatcher.utter_message(response=key, ticket=ticket.id, due=due, gift=table.rules.gift, **told)


def _due(scene: Scene, table: Table) -> Any:
    """By when people change the price of the order; without an order, until when the price holds."""
    turn = scene.turn
    if table.order is None:
        return turn.now + timedelta(hours=table.rules.offer_hours)
    return bargains.while_open(turn.services.shop, turn.now, table.rules.price_change_minutes)


async def _already(scene: Scene, table: Table, dispatcher: CollectingDispatcher) -> None:
    """An agreement stands; an order that came after it is written into its ticket."""
    turn, ticket = scene.turn, table.deal
    if ticket is None:
        dispatcher.utter_message(response="utter_error")
        return
    agreed = {"items": f"{table.name}×{ticket.items[0]['quantity']}", "total": f"{ticket.amount:.2f}"}
    fits = table.order is not None and ticket.items[0]["quantity"] == table.goods.quantity
    if ticket.amount >= table.goods.today * ticket.items[0]["quantity"]:
        key = "utter_bargain_already_gift"
    elif table.order is not None and fits and not ticket.order_no:
        await turn.orders.hold(table.order.order_no, turn.viewer)
        tickets.set_order(turn.session, ticket, table.order.order_no, turn.now, _due(scene, table))
        key = "utter_bargain_order_joined"
    else:
        key = "utter_bargain_already_of_order" if ticket.order_no else "utter_bargain_already"
    tail = (ticket.order_no or "")[-4:]
    due = tickets.when(ticket.due_at, turn.now)
    gift = table.rules.gift
    dispatcher.utter_message(response=key, ticket=ticket.id, due=due, order_tail=tail, gift=gift, **agreed)
