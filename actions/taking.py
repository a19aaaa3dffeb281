"""What a flow keeps of a message, and what it asks next, however the message was meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import facts
from actions.base import slots_of
from actions.dialogue import BESIDE_REMEDIES
from actions.facts import Checked
from actions.flow import STARTS, Flow, load_order, missing
from actions.heard import Heard, from_opening, payload
from actions.lookups import ASIDES, answer_question
from actions.narrowing import beside, narrow, of_another_remedy, of_other_orders
from actions.said import read_again, remember
from actions.scene import Scene
from bot.conversation.turn import Turn

REMEDY_WISHES = {"refund_request", "exchange_request"}
NAMED_IN_QUESTION = ("item", "quantity", "confirmed")


class Taking:
    """One message inside one flow: facts told before, changes that this message makes, flows that wait."""

    scene: Scene

    def __init__(self, flow: type[Flow], dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> None:
        self.flow, self.dispatcher, self.tracker, self.turn = flow, dispatcher, tracker, turn
        self.form = f"{flow.name}_form"
        self.told = slots_of(tracker)
        self.asked: str = self.told.get("requested_slot") or ""
        self.waiting: list[dict[str, Any]] = list(self.told.get("waiting") or [])
        self.said: list[dict[str, Any]] = list(self.told.get("said") or [])
        self.changes: dict[str, Any] = {}
        self.refused: set[str | None] = set()
        self.said_back = False

    def _name_order(self, events: list[EventType]) -> None:
        """Say which order is dealt with, unless the question does so by itself."""
        asks = next((event["value"] for event in events if event.get("name") == "requested_slot"), None)
        if self.scene.order is None or asks in NAMED_IN_QUESTION:
            return
        other = {"title": self.turn.label("label_doubt_order_no"), "payload": payload(doubt="order_no")}
        about = {"order_tail": self.scene.order.tail, "items": self.scene.items_text()}
        self._say("utter_order_found", buttons=[other] if asks else [], **about)

    async def _take_clauses(self, heard: Heard) -> None:
        """Further wishes in the same message: flows wait their turn, questions are answered at once."""
        for clause in heard.clauses:
            if clause["intent"] in STARTS:
                self._put_into_queue(entry(clause))
            elif clause["intent"] in ASIDES:
                await answer_question(self.turn, self.dispatcher, from_opening(clause))

    def _put_into_queue(self, waiting: dict[str, Any]) -> None:
        self.waiting.append(waiting)
        self._say("utter_also_noted")

    def _put_beside(self, heard: Heard) -> None:
        """Further goods of the message wait where the flow takes one after the other."""
        for waiting in beside(self.flow, self.scene, heard):
            self._put_into_queue(waiting)

    async def _put_apart(self, heard: Heard) -> None:
        """Goods for which the message wants another remedy wait for a claim of their own."""
        apart = of_another_remedy(self.flow, self.scene, heard)
        for waiting in apart:
            self._put_into_queue(waiting)
        if apart:
            await load_order(self.flow, self.scene)

    async def _take(self, told: Mapping[str, Any]) -> bool:
        """Check new facts in the plan's order and keep what holds; False when one does not, which is then said."""
        fine = True
        for fact in self.flow.plan():
            if fact.slot not in told:
                continue
            for waiting in of_other_orders(self.flow, self.scene, told) if fact.slot == "item" else ():
                self._put_into_queue(waiting)
            early = fact is facts.solution and self.asked not in BESIDE_REMEDIES
            checked = Checked(told[fact.slot]) if early else await fact.check(told[fact.slot], self.scene)
            if checked.problem:
                fine = False
                self._refuse(checked)
            else:
                known = self.scene.facts.get(fact.slot)
                if known not in (None, checked.value):
                    # A remedy that was chosen still stands when goods are added; whether it can be is checked again.
                    kept = {*told, "solution"} if fact.adds(known, checked.value) else told
                    self.scene.facts.update({slot: None for slot in fact.clears if slot not in kept})
                self.scene.facts[fact.slot] = checked.value
            await load_order(self.flow, self.scene)
        return fine and await self._prove()

    async def _prove(self) -> bool:
        """An unknown visitor's phone may have come before the order number: then the pair is checked now."""
        scene = self.scene
        pair_open = not scene.known_customer and scene.order is None and scene.facts.get("order_no")
        if not pair_open or not scene.facts.get("phone_tail"):
            return True
        checked = await facts.phone_tail.check(scene.facts["phone_tail"], scene)
        if checked.problem:
            self._refuse(checked)
            return False
        await load_order(self.flow, scene)
        return True

    def _refuse(self, checked: Checked) -> None:
        if checked.problem not in self.refused:  # told twice, wrong twice, said once
            self._say(checked.problem or "", **checked.fields)
        self.refused.add(checked.problem)
        self.scene.facts.update(dict.fromkeys(checked.clear))
        if checked.locked:
            self.changes["outcome"] = "locked"

    async def _next(self, asking: str) -> list[EventType]:
        """Ask the first fact that is needed and unknown; end when policy says no, or when nothing is open."""
        if self.changes.get("outcome"):
            return self._events(requested_slot=None)
        await self._read_again()
        await self._recheck()
        while (decision := self.scene.decision) is not None and decision.refusal is not None:
            if not narrow(self.scene, decision.refusal, self.dispatcher):
                return self._events(outcome="refused", requested_slot=None)
            await load_order(self.flow, self.scene)
        self._say_back()
        asked = missing(self.flow, self.scene)
        self._note_wish(asked)
        if asked is None:
            return self._events(outcome="done", requested_slot=None)
        return self._events(asking=asking, requested_slot=asked)

    def _remember(self, heard: Heard) -> None:
        if any(fact.late for fact in self.flow.plan()):
            self.said = self.changes["said"] = remember(self.said, heard)

    async def _read_again(self) -> None:
        for fact in (fact for fact in self.flow.plan() if fact.late):
            value = await read_again(fact, self.said, self.scene)
            if value is not None:
                await self._take({fact.slot: value})

    def _say_back(self) -> None:
        for fact in self.flow.plan():
            if self.scene.facts.get(fact.slot) != self.told.get(fact.slot) and (echo := fact.echo(self.scene)):
                self._say(echo[0], **echo[1])
                self.said_back = True

    async def _recheck(self) -> None:
        """What was told before the order was known may turn out not to fit it."""
        for waiting in of_other_orders(self.flow, self.scene, self.scene.facts):
            self._put_into_queue(waiting)
        for fact in (fact for fact in self.flow.plan() if fact.rests_on_order):
            value = self.scene.facts.get(fact.slot)
            # Whether a remedy is possible is said when its turn has come.
            if value is None or (fact.slot == "solution" and missing(self.flow, self.scene) != "confirmed"):
                continue
            checked = await fact.check(value, self.scene)
            self.scene.facts[fact.slot] = checked.value
            if checked.value != value:
                self.scene.facts["confirmed"] = None
            if checked.problem:
                self._refuse(checked)
            await load_order(self.flow, self.scene)

    def _note_wish(self, asked: str | None) -> None:
        """A remedy wished for before its turn is noted, once, in a flow that it did not begin."""
        takes_wishes = REMEDY_WISHES & set(self.flow.absorbs) and not REMEDY_WISHES & set(self.flow.intents)
        told, known = self.told.get("solution"), self.scene.facts.get("solution")
        if takes_wishes and told is None and known and asked not in (None, *BESIDE_REMEDIES):
            self._say("utter_wish_noted")

    def _say(self, key: str, **fields: Any) -> None:
        self.dispatcher.utter_message(response=key, **fields)

    def _events(self, **mechanism: Any) -> list[EventType]:
        slots = self.scene.facts | self.changes | mechanism
        if self.waiting != (self.told.get("waiting") or []):
            slots["waiting"] = self.waiting
        # Rasa takes a form that sets nothing but requested_slot for one that did not understand, and leaves it.
        always = {slot: slots.pop(slot) for slot in ("asking", "requested_slot") if slot in slots}
        changed = {slot: value for slot, value in slots.items() if self.told.get(slot) != value}
        return [SlotSet(slot, value) for slot, value in (changed | always).items()]


def entry(opening: Mapping[str, Any]) -> dict[str, Any]:
    """A wish as it waits in the queue."""
    return {"flow": STARTS[opening["intent"]], "opening": dict(opening)}
