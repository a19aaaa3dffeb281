"""The way to each question of a flow in the demo shop, found from the flow's own plan: a new flow needs nothing here.

Only a new kind of fact needs one line: what a customer answers to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import yaml

from actions.dialogue import mentions
from actions.flow import Flow, decision_of, missing
from actions.scene import Scene
from bot.engine.engine import Engine
from bot.settings import ROOT
from tests.unit.actions.scenes import heard, scene
from tests.unit.policy.demo_shop import DEMO

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "item": ("第一个",),
    "lacking": ("第一个",),
    "quantity": ("1",),
    "cause": ("不喜欢", "质量问题"),
    "opened": ("没拆",),
    "intact": ("完好",),
    "received": ("完全是别的东西",),
    "wanted": ("换小一码",),
    "evidence": ("没有",),
    "solution": ("第一个",),
    "goods": ("连衣裙",),
    "bid": ("195",),
    "confirmed": ("对的",),
}
"""To order_no and phone_tail a customer answers what the order says."""

ORDERS: dict[str, dict[str, Any]] = {
    raw["order_no"]: raw for raw in yaml.safe_load((ROOT / "shop" / "demo" / "orders.yml").read_text(encoding="utf-8"))
}
PHONES: dict[str, str] = {
    raw["id"]: raw["phone"]
    for raw in yaml.safe_load((ROOT / "shop" / "demo" / "customers.yml").read_text(encoding="utf-8"))
}
SURE = 0.9
OPENINGS: Mapping[str, str] = {"late_shipping": "发货晚了给补偿吗"}
"""What begins a flow that no intent begins by itself."""
AMBIGUOUS = ("降价了",)
"""Examples that mean something else where a price is talked about."""


@dataclass(frozen=True)
class Walk:
    """What somebody says until `slot` is asked (from the order on); `customer` None: an unknown visitor."""

    flow: type[Flow]
    slot: str
    customer: str | None
    order_no: str
    answers: tuple[str, ...]


def walks(flow: type[Flow]) -> dict[str, Walk]:
    """A walk to each question that the flow can ask."""
    found: dict[str, Walk] = {}
    # Where words begin a flow, the one order that it can be about is found without being asked for.
    known = (True,) if flow.name in OPENINGS else (False, True)
    for visitor, tail, choice in product(known, DEMO, _choices()):
        for walk in _along(flow, tail, visitor, choice):
            found.setdefault(walk.slot, walk)
    return found


def another_order(walk: Walk) -> str | None:
    """Another order of the same customer about which the flow has something to ask, if there is one."""
    owner = ORDERS[walk.order_no]["customer"]
    others = (no for no in ORDERS if ORDERS[no]["customer"] == owner and no != walk.order_no)
    return next((no for no in others if any(_along(walk.flow, no[-3:], False, next(_choices()), skip=1))), None)


async def opening(engine: Engine, flow: type[Flow], without: tuple[str, ...] = ()) -> str | None:
    """A message that starts the flow and tells no fact, by an intent that is not among `without`."""
    if flow.name in OPENINGS:
        return OPENINGS[flow.name]
    for intent in (intent for intent in flow.intents if intent not in without):
        for text in _examples(intent):
            if text in AMBIGUOUS or mentions(heard(text, intent), flow.plan(), scene(flow)):
                continue
            understood = (await engine.parse(text))["intent"]
            if understood["name"] == intent and understood["confidence"] > SURE:
                return text
    return None


def _choices() -> Iterator[dict[str, str]]:
    for values in product(*ANSWERS.values()):
        yield dict(zip(ANSWERS, values, strict=True))


def _along(flow: type[Flow], tail: str, visitor: bool, choice: Mapping[str, str], skip: int = 0) -> Iterator[Walk]:
    """The questions on the way through one order, each with what was said before it."""
    order_no = DEMO[tail].order_no
    owner = ORDERS[order_no]["customer"]
    customer = None if visitor else owner
    own = [no[-3:] for no in ORDERS if ORDERS[no]["customer"] == owner]
    texts = {**choice, "order_no": order_no, "phone_tail": PHONES[owner][-4:]}
    now, said = scene(flow, *(() if visitor else own), visitor=visitor), []
    while (slot := missing(flow, now)) is not None and not (now.decision and now.decision.refusal):
        if len(said) >= skip:
            yield Walk(flow, slot, customer, order_no, tuple(said))
        assert slot in texts, f"say in ANSWERS what a customer answers when asked for {slot}"
        said.append(texts[slot])
        now = _told(flow, now, slot, texts[slot], tail)


def _told(flow: type[Flow], now: Scene, slot: str, text: str, tail: str) -> Scene:
    fact = next(fact for fact in flow.plan() if fact.slot == slot)
    message = heard(text)
    mentioned, answered = fact.mention(message, now), fact.answer(message, now)
    value = mentioned if answered is None else answered
    assert value is not None, f"{text} is no answer to {slot}"
    proved = slot != "order_no" or now.known_customer
    told = scene(flow, order=tail if proved else None, visitor=not now.known_customer)
    told.orders, told.recent = now.orders, now.recent
    told.facts = now.facts | {slot: value}
    told.decision = decision_of(flow, told)
    return told


def _examples(intent: str) -> Iterator[str]:
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if entry.get("intent") == intent:
                yield from (line.removeprefix("- ").strip() for line in entry["examples"].splitlines() if line.strip())
