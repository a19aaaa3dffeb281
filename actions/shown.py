"""What the customer shows outside a flow, a product or an own order: it is what the talk is about from then on."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import PRODUCT, Heard
from bot import cards
from bot.conversation import transcript
from bot.conversation.turn import Turn

ORDER = "order_no"
WAYS_ON: Mapping[str, tuple[str, ...]] = {
    "unpaid": ("ask_payment", "bargain"),
    "paid": ("ask_shipping_time", "change_address", "cancel_order"),
    "shipped": ("track_order", "refund_request"),
    "signed": ("refund_request", "exchange_request", "ask_invoice"),
    "closed": ("ask_invoice",),
}
"""What can be done about an order in each state."""


def is_shown(heard: Heard) -> bool:
    """Whether the message is a card of the customer's."""
    return heard.intent == "inform" and any(name in heard.pressed for name in (PRODUCT, ORDER))


async def take_shown(turn: Turn, heard: Heard, dispatcher: CollectingDispatcher) -> list[EventType]:
    """Say what we see, and what can be done with it."""
    if PRODUCT in heard.pressed:
        return await _product(turn, str(heard.pressed[PRODUCT]), dispatcher)
    return await _order(turn, str(heard.pressed[ORDER]), dispatcher)


async def shown_by_name(turn: Turn, heard: Heard) -> str | None:
    """The name of a product that is shown although the catalogue has no such number; None for other messages."""
    if heard.intent != "inform" or heard.pressed:
        return None
    message = await transcript.latest(turn.session, turn.conversation.id, of_customer=True)
    cards_shown = message.content.get("cards", ()) if message else ()
    return next((card["title"] for card in cards_shown if card["type"] == PRODUCT), None)


async def take_name(turn: Turn, name: str, heard: Heard, dispatcher: CollectingDispatcher) -> list[EventType]:
    """The product that the name means to us; where it means none, a person can look it up."""
    known = heard.values(PRODUCT)
    if known:
        return await _product(turn, str(known[0]), dispatcher, tells_more=True)
    dispatcher.utter_message(response="utter_shown_unknown", product=name)
    return []


async def _product(turn: Turn, sku: str, dispatcher: CollectingDispatcher, tells_more: bool = False) -> list[EventType]:
    """`tells_more`: the customer's own card, which stands right above, is not the catalogue's."""
    row = await turn.catalogue.product(sku)
    if row is None:
        dispatcher.utter_message(response="utter_ask_which_product")
        return []
    card = cards.product(turn.label, row, await turn.catalogue.activity(sku))
    dispatcher.utter_message(
        response="utter_shown_product",
        json_message=cards.shown(card) if tells_more else None,
        product=row.name,
        price=card.amount,
        stock=card.state,
    )
    return [SlotSet("product_in_talk", sku)]


async def _order(turn: Turn, number: str, dispatcher: CollectingDispatcher) -> list[EventType]:
    view = await turn.orders.find(number, turn.viewer)
    if view is None:
        dispatcher.utter_message(response="utter_order_not_found", order_no=number)
        return []
    status = view.facts.status
    intents = [*(["ask_refund_status"] if view.refund else []), *WAYS_ON[status]]
    dispatcher.utter_message(
        response="utter_shown_order",
        buttons=[{"title": turn.label(f"label_intent_{intent}"), "payload": f"/{intent}"} for intent in intents],
        order_tail=view.tail,
        items=cards.goods(view),
        state=turn.label(f"label_order_{status}"),
    )
    return [SlotSet("order_in_talk", view.order_no)]
