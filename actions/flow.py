"""One mechanism for every flow: a Rasa form whose questions, corrections, digressions and end are handled here once.

A flow is a plan of facts and what is done at its end. `FlowForm` is the only place that knows Rasa's form protocol
(docs/decisions/0002-one-mechanism-for-flows.md); what a message means is decided in dialogue.py.
"""
from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Optional, Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import facts
from actions.answers import ASIDES, answer_clause
from actions.base import slots_of, turn_for
from actions.closing import open_agreed_ticket
from actions.dialogue import Reading, mentions, understand
from actions.facts import Checked, Fact
from actions.heard import Heard, from_message, from_opening
from actions.scene import Scene
from bot.conversation.turn import Turn
from bot.lexicon import lexicon
from bot.policy.decide import decide
from bot.policy.explain import refusal_text
from bot.policy.facts import Claim
from bot.policy.outcome import Decision

INVALID_LIMIT = 3
AWAY_SECONDS = 30 * 60
MECHANISM = ("flow", "asking", "tries", "outcome", "opening")


class Flow(ABC):
    """A business flow. `intents`: what starts it; `identify` is asked before policy decides, `settle` after."""

    name: ClassVar[str]
    intents: ClassVar[tuple[str, ...]]
    absorbs: ClassVar[tuple[str, ...]] = ()
    identify: ClassVar[tuple[Fact, ...]] = (facts.order_no, facts.phone_tail, facts.item, facts.quantity)
    settle: ClassVar[tuple[Fact, ...]] = (facts.solution, facts.confirmed)

    @classmethod
    def plan(cls) -> tuple[Fact, ...]:
        """All facts in the order in which they are asked."""
        return cls.identify + cls.settle

    @classmethod
    def slots(cls) -> tuple[str, ...]:
        """The slots of the plan."""
        return tuple(fact.slot for fact in cls.plan())

    @classmethod
    @abstractmethod
    def claim(cls, scene: Scene) -> Claim:
        """What policy is asked, once `identify` is known."""

    @classmethod
    def usual(cls, status: str) -> bool:
        """Whether an order in this state is what the flow is usually about; such orders are offered first."""
        return True

    @classmethod
    async def done(cls, scene: Scene, dispatcher: CollectingDispatcher) -> None:
        """Do what was agreed, and say so: by default, open the ticket of the chosen remedy."""
        await open_agreed_ticket(cls.claim(scene).cause, scene, dispatcher)


REGISTRY: dict[str, type[Flow]] = {}
STARTS: dict[str, str] = {}


def register(flow: type[Flow]) -> type[Flow]:
    """Make a flow known to the others (switching, queueing)."""
    REGISTRY[flow.name] = flow
    STARTS.update({intent: flow.name for intent in flow.intents})
    return flow


async def build_scene(flow: type[Flow], turn: Turn, told: dict[str, Any]) -> Scene:
    """Load what the facts refer to, and ask policy once it can decide."""
    scene = Scene(turn, {slot: told.get(slot) for slot in flow.slots()})
    if scene.known_customer:
        recent = await turn.orders.recent(turn.viewer)
        scene.orders = [o for o in recent if flow.usual(o.facts.status)] or recent
    await _load_order(flow, scene)
    return scene


async def _load_order(flow: type[Flow], scene: Scene) -> None:
    number = scene.facts.get("order_no")
    scene.order = await scene.turn.orders.find(number, scene.turn.viewer) if number else None
    scene.decision = decision_of(flow, scene)


def decision_of(flow: type[Flow], scene: Scene) -> Optional[Decision]:
    """What policy says, once order, goods and cause are known."""
    if scene.order is None or any(f.needed(scene) and scene.facts.get(f.slot) is None for f in flow.identify):
        return None
    pack = scene.turn.services.packs.for_payment(scene.order.facts.paid_at or scene.turn.now)
    return decide(scene.order.facts, flow.claim(scene), pack, scene.turn.now)


class FlowForm(Action, ABC):
    """`validate_<flow>_form`: takes one message into the flow and says what is asked next."""

    flow: ClassVar[type[Flow]]

    @abstractmethod
    def name(self) -> str:
        """validate_<flow>_form: the name by which Rasa calls this action."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """One turn of the form; see docs/decisions/0002 for what each event means to Rasa."""
        async with turn_for(tracker, dispatcher) as turn:
            return await _Step(self.flow, dispatcher, tracker, turn).run()


class _Step:
    """One message inside one flow."""

    def __init__(self, flow: type[Flow], dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> None:
        self.flow, self.dispatcher, self.tracker, self.turn = flow, dispatcher, tracker, turn
        self.form = f"{flow.name}_form"
        self.told = slots_of(tracker)
        self.asked: Optional[str] = self.told.get("requested_slot")
        self.waiting: list[dict[str, Any]] = list(self.told.get("waiting") or [])
        self.changes: dict[str, Any] = {}

    async def run(self) -> list[EventType]:
        if self._only_asking_again():
            return self._events(asking="again", requested_slot=self.asked)
        self.scene = await build_scene(self.flow, self.turn, self.told)
        if self.asked is None:
            return await self._begin()
        heard = from_message(self.tracker.latest_message)
        if heard.away > AWAY_SECONDS:
            self.dispatcher.utter_message(response="utter_welcome_back")
        reading = understand(
            heard,
            self.flow.plan(),
            self.scene,
            self.asked,
            own=self.flow.intents + self.flow.absorbs,
            starts=STARTS,
            asides=ASIDES,
        )
        return await getattr(self, f"_{reading.kind}")(reading, heard)

    def _only_asking_again(self) -> bool:
        """Whether the form comes back after a digression: Rasa shows it the same message a second time."""
        for event in reversed(self.tracker.events):
            if event["event"] == "user":
                return False
            if event["event"] == "action_execution_rejected" and event["name"] == self.form:
                return self.asked is not None
        return False

    async def _begin(self) -> list[EventType]:
        opening = self.told.get("opening")
        heard = from_opening(opening) if opening else from_message(self.tracker.latest_message)
        fields = {"customer": self.turn.customer.name if self.turn.customer else ""}
        self.dispatcher.utter_message(response=f"utter_{self.flow.name}_start", **fields)
        await self._queue_clauses(heard)
        told = mentions(heard, self.flow.plan(), self.scene)
        if "order_no" not in told and self.scene.order is None:
            guessed = facts.by_product(heard, self.scene)
            if guessed is None and len(self.scene.orders) == 1:
                guessed = self.scene.orders[0].order_no
            told |= {"order_no": guessed} if guessed else {}
        self.changes |= {"flow": self.flow.name, "tries": 0, "opening": None}
        await self._take(told)
        return await self._next("first")

    async def _queue_clauses(self, heard: Heard) -> None:
        """Further wishes in the same message: flows wait their turn, questions are answered at once."""
        for clause in heard.clauses:
            intent = clause["intent"]
            if intent in STARTS and STARTS[intent] != self.flow.name:
                self.waiting.append({"flow": STARTS[intent], "opening": dict(clause)})
                self.dispatcher.utter_message(response="utter_also_noted")
            elif intent in ASIDES:
                await answer_clause(self.turn, self.dispatcher, clause)

    async def _take(self, told: dict[str, Any]) -> bool:
        """Check new facts in the plan's order and keep what holds; False when something was said about one that does not."""
        fine = True
        for fact in self.flow.plan():
            if fact.slot not in told:
                continue
            checked = await fact.check(told[fact.slot], self.scene)
            if checked.problem:
                fine = False
                self._refuse(checked)
                continue
            if self.scene.facts.get(fact.slot) not in (None, checked.value):
                for slot in fact.clears:
                    if slot not in told:
                        self.scene.facts[slot] = None
            self.scene.facts[fact.slot] = checked.value
            await _load_order(self.flow, self.scene)
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
        await _load_order(self.flow, scene)
        return True

    def _refuse(self, checked: Checked) -> None:
        self.dispatcher.utter_message(response=checked.problem, **checked.fields)
        for slot in checked.clear:
            self.scene.facts[slot] = None
        if checked.locked:
            self.changes["outcome"] = "locked"

    async def _next(self, asking: str) -> list[EventType]:
        """Ask the first fact that is needed and unknown; end when policy says no, or when nothing is open."""
        if self.changes.get("outcome"):
            return self._events(requested_slot=None)
        await self._recheck_solution()
        decision = self.scene.decision
        if decision is not None and decision.refusal is not None:
            return self._events(outcome="refused", requested_slot=None)
        for fact in self.flow.plan():
            if fact in self.flow.settle and decision is None:
                continue
            if self.scene.facts.get(fact.slot) is None and fact.needed(self.scene):
                return self._events(asking=asking, requested_slot=fact.slot)
        return self._events(outcome="done", requested_slot=None)

    async def _recheck_solution(self) -> None:
        """A remedy named before policy could decide may turn out not to be one."""
        chosen = self.scene.facts.get("solution")
        if chosen and self.scene.decision and self.scene.decision.remedies:
            checked = await facts.solution.check(chosen, self.scene)
            self.scene.facts["solution"] = checked.value
            if checked.problem:
                self.dispatcher.utter_message(response=checked.problem)

    async def _answer(self, reading: Reading, heard: Heard) -> list[EventType]:
        if reading.facts.get("confirmed") is False:
            return self._events(asking="doubt", requested_slot="confirmed")
        await self._queue_clauses(heard)
        self.changes["tries"] = 0
        if not await self._take(dict(reading.facts)):
            return await self._count_failure(say=False)
        return await self._next("first")

    async def _correct(self, reading: Reading, heard: Heard) -> list[EventType]:
        for slot in reading.doubted:
            self.scene.facts[slot] = None
            for fact in self.flow.plan():
                if fact.slot == slot:
                    self.scene.facts.update(dict.fromkeys(fact.clears))
        await _load_order(self.flow, self.scene)
        self.scene.facts["confirmed"] = None
        fine = await self._take(dict(reading.facts))
        if fine and reading.facts:
            self.dispatcher.utter_message(response="utter_corrected")
        return await self._next("first")

    async def _repeat(self, reading: Reading, heard: Heard) -> list[EventType]:
        return self._events(asking="again", requested_slot=self.asked)

    async def _patience(self, reading: Reading, heard: Heard) -> list[EventType]:
        self.dispatcher.utter_message(response="utter_take_your_time")
        return self._events(asking="silent", requested_slot=self.asked)

    async def _invalid(self, reading: Reading, heard: Heard) -> list[EventType]:
        if lexicon().is_angry(heard.text):
            return self._events(outcome="handed_over", handoff_reason="angry", requested_slot=None)
        return await self._count_failure(say=True)

    async def _count_failure(self, say: bool) -> list[EventType]:
        if self.changes.get("outcome"):
            return self._events(requested_slot=None)
        tries = int(self.told.get("tries") or 0) + 1
        if tries >= INVALID_LIMIT:
            return self._events(outcome="handed_over", handoff_reason="invalid_answers", requested_slot=None)
        self.changes["tries"] = tries
        if say:
            self.dispatcher.utter_message(response="utter_not_understood")
        return await self._next("again")

    async def _cancel(self, reading: Reading, heard: Heard) -> list[EventType]:
        return self._events(outcome="cancelled", requested_slot=None)

    async def _person(self, reading: Reading, heard: Heard) -> list[EventType]:
        return [*self._events(handoff_reason="requested"), self._reject()]

    async def _complain(self, reading: Reading, heard: Heard) -> list[EventType]:
        return [*self._events(), self._reject()]

    async def _aside(self, reading: Reading, heard: Heard) -> list[EventType]:
        await self._take(dict(reading.facts))
        return [*self._events(requested_slot=self.asked), self._reject()]

    async def _switch(self, reading: Reading, heard: Heard) -> list[EventType]:
        """Another flow comes first; this one waits with what it knows."""
        parked = {slot: value for slot, value in self.scene.facts.items() if value is not None and slot != "confirmed"}
        self.waiting.insert(0, {"flow": self.flow.name, "opening": {"facts": parked}})
        same_order = {slot: self.scene.facts.get(slot) for slot in ("order_no", "phone_tail")}
        self.scene.facts = dict.fromkeys(self.flow.slots()) | same_order
        return [*self._events(requested_slot=None, tries=0), self._reject()]

    async def _also(self, reading: Reading, heard: Heard) -> list[EventType]:
        opening = {"text": heard.text, "intent": heard.intent, "entities": [dict(e) for e in heard.entities]}
        self.waiting.append({"flow": STARTS[reading.intent], "opening": opening})
        self.dispatcher.utter_message(response="utter_also_noted")
        return self._events(asking="again", requested_slot=self.asked)

    def _reject(self) -> EventType:
        """Step aside for the general rule of this intent."""
        return ActionExecutionRejected(self.form)

    def _events(self, **mechanism: Any) -> list[EventType]:
        known = getattr(self, "scene", None)
        slots = (known.facts if known else {}) | self.changes | mechanism
        if self.waiting != (self.told.get("waiting") or []):
            slots["waiting"] = self.waiting
        requested = {"requested_slot": slots.pop("requested_slot")} if "requested_slot" in slots else {}
        changed = {slot: value for slot, value in slots.items() if self.told.get(slot) != value}
        return [SlotSet(slot, value) for slot, value in (changed | requested).items()]


class FlowEnd(Action, ABC):
    """`action_<flow>_end`: the one exit of a flow, by its outcome; then the next waiting flow begins."""

    flow: ClassVar[type[Flow]]

    @abstractmethod
    def name(self) -> str:
        """action_<flow>_end: the name by which Rasa calls this action."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Finish, then clear the flow's slots and take up what waits."""
        outcome = tracker.get_slot("outcome")
        if outcome == "handed_over":
            return [FollowupAction("action_handoff")]
        async with turn_for(tracker, dispatcher) as turn:
            if outcome == "cancelled":
                dispatcher.utter_message(response="utter_flow_cancelled")
            elif outcome in ("done", "refused"):
                await self._conclude(turn, tracker, dispatcher)
        return [*clear_flow(self.flow), *take_up_waiting(tracker)]

    async def _conclude(self, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher) -> None:
        scene = await build_scene(self.flow, turn, slots_of(tracker))
        if scene.decision and scene.decision.refusal is None and scene.remedy:
            await self.flow.done(scene, dispatcher)
        else:
            say_refusal(scene, dispatcher)


def say_refusal(scene: Scene, dispatcher: CollectingDispatcher) -> None:
    """Why it cannot be, what can, and a person if wished; the words are the rule pack's."""
    if scene.order is None or scene.decision is None or scene.decision.refusal is None:
        dispatcher.utter_message(response="utter_error")
        return
    pack = scene.turn.services.packs.for_payment(scene.order.facts.paid_at or scene.turn.now)
    dispatcher.utter_message(response="utter_refused", why=refusal_text(scene.decision.refusal, pack))


def clear_flow(*flows: type[Flow]) -> list[EventType]:
    """Forget what these flows were told."""
    slots: Sequence[str] = [*dict.fromkeys(slot for flow in flows for slot in flow.slots()), *MECHANISM]
    return [SlotSet(slot, None) for slot in slots]


def take_up_waiting(tracker: Tracker) -> list[EventType]:
    """Begin the flow that waits, if one does."""
    waiting = list(tracker.get_slot("waiting") or [])
    if not waiting:
        return []
    first, *rest = waiting
    return [
        SlotSet("waiting", rest or None),
        SlotSet("opening", first["opening"]),
        FollowupAction(f"{first['flow']}_form"),
    ]
