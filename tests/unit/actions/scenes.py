"""Messages as the language side hears them, and scenes of the demo shop, without Rasa, database or texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import yaml
from rasa_sdk.executor import ActionExecutor

from actions.flow import Flow, decision_of
from actions.heard import Heard
from actions.scene import Scene
from bot.conversation.turn import Turn
from bot.orders.gateway import OrderView
from bot.policy.facts import OrderFacts
from bot.services import Services, build_services
from bot.settings import load_settings
from bot.store.models import Conversation
from tests.unit.nlu.language import EXTRACT, READ
from tests.unit.policy.demo_shop import DEMO, NOW, ROOT

ActionExecutor().register_package("actions")  # as the service does: from now on every flow is registered

SERVICES: Services = build_services(load_settings())
ITEMS: dict[str, Any] = {
    raw["order_no"]: raw["items"]
    for raw in yaml.safe_load((ROOT / "shop" / "demo" / "orders.yml").read_text(encoding="utf-8"))
}
PICTURE = {"id": "", "type": "image/jpeg", "url": "https://example.org/1.jpg"}


def heard(text: str, intent: str = "nlu_fallback", confidence: float = 0.9, **more: Any) -> Heard:
    """A message with the facts that the real extractor finds in it, under an intent that the test decides."""
    entities = tuple(
        {"entity": found.name, "value": found.value, "start": found.start, "end": found.end}
        for found in EXTRACT(READ(text))
    )
    return Heard(text, intent, confidence, entities, **more)


def view(tail: str) -> OrderView:
    """An order of the demo shop."""
    facts: OrderFacts = DEMO[tail]
    options = tuple({name: item[name] for name in ("color", "size") if name in item} for item in ITEMS[facts.order_no])
    return OrderView(facts, "cust", facts.paid_at or datetime.fromtimestamp(0, NOW.tzinfo), options=options)


def scene(flow: type[Flow], *tails: str, visitor: bool = False, **facts: Any) -> Scene:
    """A customer with these orders, inside a flow that was told these facts (`order` by its tail)."""
    order = facts.pop("order", None)
    views = [view(tail) for tail in tails]
    told = dict.fromkeys(flow.slots()) | facts | {"order_no": DEMO[order].order_no if order else None}
    talk = Conversation(id="talk", channel="rest", sender="s", customer_id=None if visitor else "cust")
    made = Scene(Turn(SERVICES, None, talk, "", NOW), told, orders=views, recent=views)  # type: ignore[arg-type]
    made.order = view(order) if order else None
    made.whole = made.order is not None and flow.whole(made.order.facts.status)
    made.decision = decision_of(flow, made)
    return made
