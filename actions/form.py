"""How a flow takes messages in: a Rasa form whose questions, corrections and digressions are handled here once.

This is the only place that knows Rasa's form protocol (docs/decisions/0002-one-mechanism-for-flows.md).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import pointing
from actions.base import turn_for
from actions.dialogue import COURTESY, SHORT, SURE, Reading, mentions, understand
from actions.facts.remedy import MONEY_BACK, NEW_ONE
from actions.flow import REGISTRY, STARTS, Flow, build_scene, load_order
from actions.heard import Heard, from_message, from_opening
from actions.lookups import ASIDES
from actions.narrowing import apart
from actions.offers import brings, name_of
from actions.switching import carried_over, gives_up, is_one_matter, taken_up_again
from actions.taken_back import begin_again
from actions.taking import Taking, entry
from bot.lexicon import lexicon

INVALID_LIMIT = 3
NO_FAILURES = {"tries": 0, "repeats": 0}
AWAY_SECONDS = 30 * 60
DWELLS = ("repeat", "patience", "aside", "also", "invalid")


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


class _Step(Taking):
    """One message inside one flow, taken as it was meant."""

    async def run(self) -> list[EventType]:
        self.scene = await build_scene(self.flow, self.turn, self.told)
        if self._only_asking_again():
            return self._ask_again()
        if not self.asked:
            return await self._begin()
        heard = self.flow.hear(from_message(self.tracker.latest_message), self.scene)
        reading = understand(
            heard,
            self.flow.plan(),
            self.scene,
            self.asked,
            own=self.flow.own(heard, self.scene),
            starts=STARTS,
            asides=(*ASIDES, *COURTESY),
        )
        nothing_new = reading.kind == "answer" and all(
            self.scene.facts.get(slot) == value for slot, value in reading.facts.items()
        )
        if heard.away > AWAY_SECONDS and (reading.kind in DWELLS or nothing_new):
            drop = {"title": self.turn.label("label_drop"), "payload": "/withdraw_after_sales"}
            self.dispatcher.utter_message(response="utter_welcome_back", buttons=[drop])
            if reading.kind == "invalid" or reading.intent in COURTESY or nothing_new:
                return self._ask_again()
        return await getattr(self, f"_{reading.kind}")(reading, heard)  # type: ignore[no-any-return]

    def _only_asking_again(self) -> bool:
        """Whether the form comes back after a digression: Rasa shows it the same message a second time."""
        for event in reversed(self.tracker.events):
            if event["event"] == "user":
                return False
            if event["event"] == "action_execution_rejected" and event["name"] == self.form:
                return bool(self.asked)
        return False

    async def _begin(self) -> list[EventType]:
        opening = self.told.get("opening")
        heard = from_opening(opening) if opening else from_message(self.tracker.latest_message)
        again = None if opening else begin_again(heard, self.told.get("lately"), self.scene)
        if again:
            self.waiting.insert(0, again)
            return self._events(outcome="misheard", requested_slot=None)
        heard, others = apart(self.flow, self.scene, self.flow.hear(heard, self.scene))
        resumed = "facts" in (opening or {})
        customer = self.turn.customer.name if self.turn.customer else ""
        self._say("utter_flow_resumed" if resumed else f"utter_{self.flow.name}_start", customer=customer)
        for waiting in others:
            self._put_into_queue(waiting)
        await self._take_clauses(heard)
        told = mentions(heard, self.flow.plan(), self.scene)
        named = pointing.named_order(heard, self.scene)
        known = self.told | {"order_in_talk": None} if resumed else self.told
        told |= await self.flow.guess(self.scene, heard, told, known)
        self.changes |= {"flow": self.flow.name, **NO_FAILURES, "misses": 0, "anger": 0}
        self.changes |= {"opening": None, "order_in_talk": None}
        self._remember(heard)
        await self._take(told)
        await self._put_apart(heard)
        self._put_beside(heard)
        events = await self._next("first")
        if not self.said_back and (resumed or not named):
            self._name_order(events)
        return events

    async def _answer(self, reading: Reading, heard: Heard) -> list[EventType]:
        if reading.facts.get("confirmed") is False:
            return self._events(asking="doubt", requested_slot="confirmed")
        await self._take_clauses(heard)
        before = dict(self.scene.facts)
        self._remember(heard)
        if heard.attachments and self.asked != "evidence":
            self._say("utter_picture_kept")
        holds = await self._take(reading.facts)
        await self._put_apart(heard)
        if not holds:
            return await self._count_failure(say=False)
        if self.scene.facts == before:
            return await (
                self._count_failure(say=False) if self.asked in reading.facts else self._known(reading, heard)
            )
        if before.get("item") is None:
            self._put_beside(heard)
        self.changes |= NO_FAILURES
        return await self._next("first" if self.asked in reading.facts else "again")

    async def _correct(self, reading: Reading, heard: Heard) -> list[EventType]:
        await self._take_clauses(heard)
        for fact in self.flow.plan():
            if fact.slot in reading.doubted:
                self.scene.facts.update(dict.fromkeys((fact.slot, *fact.clears)))
        self.scene.facts["confirmed"] = None
        if any(fact.late for fact in self.flow.plan() if fact.slot in (*reading.doubted, *reading.facts)):
            self.said = self.changes["said"] = []
        self._remember(heard)
        await load_order(self.flow, self.scene)
        if not await self._take(reading.facts):
            return await self._count_failure(say=False)
        await self._put_apart(heard)
        self.changes |= NO_FAILURES
        if reading.facts:
            self._say("utter_corrected")
        events = await self._next("first")
        if "order_no" in reading.facts:
            self._name_order(events)
        return events

    async def _explain(self, reading: Reading, heard: Heard) -> list[EventType]:
        """What a remedy brings, told before it is chosen."""
        remedy = self.scene.decision.remedy(reading.about) if self.scene.decision and reading.about else None
        if remedy:
            terms = "，".join(brings(self.scene, remedy))
            key = "utter_remedy_explained_money" if remedy.solution in MONEY_BACK else "utter_remedy_explained"
            self._say(key, solution=name_of(self.scene, remedy), terms=terms)
        return self._ask_again()

    async def _why(self, reading: Reading, heard: Heard) -> list[EventType]:
        """Why it is asked, where a text says so of just this question; then the question again."""
        await self._take(reading.facts)
        own = f"utter_why_{self.asked}"
        self._say(own if own in self.turn.services.texts else "utter_why")
        return await self._next("again")

    async def _later(self, reading: Reading, heard: Heard) -> list[EventType]:
        self._say("utter_remedies_come_next")
        return self._ask_again()

    async def _known(self, reading: Reading, heard: Heard) -> list[EventType]:
        """What was said before is no failure; who has nothing else to say gets a person in the end."""
        repeats = int(self.told.get("repeats") or 0) + 1
        if repeats >= INVALID_LIMIT:
            return self._hand_over("invalid_answers")
        self.changes["repeats"] = repeats
        return await self._next("again")

    async def _repeat(self, reading: Reading, heard: Heard) -> list[EventType]:
        return self._ask_again()

    async def _unknown(self, reading: Reading, heard: Heard) -> list[EventType]:
        return await self._count_failure(say=False)

    async def _patience(self, reading: Reading, heard: Heard) -> list[EventType]:
        self._say("utter_take_your_time")
        return self._events(asking="silent", requested_slot=self.asked)

    async def _invalid(self, reading: Reading, heard: Heard) -> list[EventType]:
        if heard.attachments:
            self._say("utter_picture_kept")
            return self._ask_again()
        if self.turn.feeling.fed_up:
            return self._hand_over("angry")
        vents = heard.intent == "vent" and len(lexicon().core(heard.text)) > SHORT
        if vents:
            self._say("utter_vent_on")
        if self._names_impossible_remedy(heard):
            self._say("utter_solution_not_possible")
            return await self._count_failure(say=False)
        # Who only says again what this is about was understood, and is asked on without a word of doubt.
        if not vents and heard.confidence >= SURE and heard.intent in self.flow.intents:
            return await self._known(reading, heard)
        return await self._count_failure(say=not vents)

    def _names_impossible_remedy(self, heard: Heard) -> bool:
        """Whether the message asks for a remedy that there is not, where only one is left to choose."""
        named = lexicon().solution(heard.text, ())
        if named is None or self.scene.remedy is None or self.asked != "confirmed":
            return False
        kind = next((kind for kind in (MONEY_BACK, NEW_ONE) if named in kind), (named,))
        return self.scene.remedy.solution not in kind

    async def _count_failure(self, say: bool) -> list[EventType]:
        if self.changes.get("outcome"):
            return self._events(requested_slot=None)
        tries = int(self.told.get("tries") or 0) + 1
        if tries >= INVALID_LIMIT:
            return self._hand_over("invalid_answers")
        self.changes["tries"] = tries
        if say:
            self._say("utter_not_understood")
        return await self._next("again")

    async def _cancel(self, reading: Reading, heard: Heard) -> list[EventType]:
        return self._events(outcome="cancelled", requested_slot=None)

    async def _person(self, reading: Reading, heard: Heard) -> list[EventType]:
        return self._step_aside(handoff_reason="requested")

    async def _complain(self, reading: Reading, heard: Heard) -> list[EventType]:
        return self._step_aside()

    async def _aside(self, reading: Reading, heard: Heard) -> list[EventType]:
        for clause in heard.clauses:
            if clause["intent"] in STARTS:
                self._put_into_queue(entry(clause))
        await self._take(reading.facts)
        return self._step_aside(requested_slot=self.asked)

    async def _switch(self, reading: Reading, heard: Heard) -> list[EventType]:
        """Another flow goes first. This one waits with what it knows, unless the other is only its better name."""
        scene, other = self.scene, REGISTRY[STARTS[reading.intent]]
        one_matter = is_one_matter(self.flow, other, scene, heard)
        before = {} if one_matter else taken_up_again(self.waiting, other, scene, heard)
        if not one_matter and not gives_up(heard):
            told = {slot: scene.facts.get(slot) for slot in self.flow.slots() if slot != "confirmed"}
            parked = {slot: value for slot, value in told.items() if value is not None}
            self.waiting.insert(0, {"flow": self.flow.name, "opening": {"facts": parked}})
        kept = before or carried_over(scene, heard, one_matter)
        scene.facts = dict.fromkeys(self.flow.slots()) | kept
        return self._step_aside(requested_slot=None, **NO_FAILURES)

    async def _also(self, reading: Reading, heard: Heard) -> list[EventType]:
        entities = [dict(entity) for entity in heard.entities]
        self._put_into_queue(entry({"text": heard.text, "intent": heard.intent, "entities": entities}))
        return self._ask_again()

    def _ask_again(self) -> list[EventType]:
        return self._events(asking="again", requested_slot=self.asked)

    def _hand_over(self, reason: str) -> list[EventType]:
        return self._events(outcome="handed_over", handoff_reason=reason, requested_slot=None)

    def _step_aside(self, **mechanism: Any) -> list[EventType]:
        """Let the general rule of this intent act; Rasa brings the form back by itself."""
        return [*self._events(**mechanism), ActionExecutionRejected(self.form)]
