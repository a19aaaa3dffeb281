"""The one exit of every flow, by its outcome; then the next waiting flow begins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import summary
from actions.base import slots_of, turn_for
from actions.flow import MECHANISM, Flow, build_scene
from actions.scene import Scene
from actions.switching import still_waiting
from bot import cards
from bot.conversation.turn import Turn
from bot.policy.explain import refusal_text
from bot.policy.outcome import GOODS_COME_BACK, Refusal

UNSETTLED = ("refused", "cancelled")


class FlowEnd(Action, ABC):
    """`action_<flow>_end`."""

    flow: ClassVar[type[Flow]]

    @abstractmethod
    def name(self) -> str:
        """action_<flow>_end: the name by which Rasa calls this action."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Finish, then clear the flow's slots and take up what waits."""
        outcome = tracker.get_slot("outcome")
        waiting = list(tracker.get_slot("waiting") or [])
        if outcome == "handed_over":
            return [FollowupAction("action_handoff")]
        async with turn_for(tracker, dispatcher) as turn:
            scene = None
            if outcome == "cancelled":
                dispatcher.utter_message(response="utter_flow_cancelled")
            elif outcome in ("done", "refused"):
                scene = await self._conclude(turn, tracker, dispatcher)
            scene = scene or await build_scene(self.flow, turn, slots_of(tracker))
            lately = summary.ended(self.flow, outcome, scene)
            if outcome == "done":
                waiting = still_waiting(waiting, scene)
        # Who was refused, or thought better of it, mostly goes on about the same order; so does what waits.
        goes_on = outcome in UNSETTLED or waiting
        in_talk = tracker.get_slot("order_no") if goes_on else None
        return [
            *clear_flow(self.flow),
            SlotSet("order_in_talk", in_talk),
            SlotSet("lately", lately),
            *(begin_first(waiting) if waiting else [SlotSet("waiting", None)]),
        ]

    async def _conclude(self, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher) -> Scene:
        told = slots_of(tracker)
        if told.get("order_no"):
            # Held before policy is asked: who claims the same pieces meanwhile makes this turn run again.
            await turn.orders.hold(told["order_no"], turn.viewer)
        scene = await build_scene(self.flow, turn, told)
        if scene.decision and scene.decision.refusal is None and scene.remedy:
            await self.flow.done(scene, dispatcher)
        else:
            self.refuse(scene, dispatcher)
        return scene

    def refuse(self, scene: Scene, dispatcher: CollectingDispatcher) -> None:
        """Say that it cannot be; by default in the rule pack's words."""
        say_refusal(scene, dispatcher)


def say_refusal(scene: Scene, dispatcher: CollectingDispatcher) -> None:
    """Why it cannot be, what can, and a person if wished; the words are the rule pack's."""
    if scene.order is None or scene.decision is None or scene.decision.refusal is None:
        dispatcher.utter_message(response="utter_error")
        return
    refusal = scene.decision.refusal
    dispatcher.utter_message(
        response="utter_refused",
        json_message=cards.shown(cards.rule(scene.turn.label, scene.pack, (refusal.rule_id,))),
        why=refusal_text(refusal, scene.pack) + _progress(scene, refusal),
    )


def _progress(scene: Scene, refusal: Refusal) -> str:
    """How far the ticket is that stands in the way."""
    claims = scene.order.facts.claimed if scene.order and refusal.reason == "already_claimed" else ()
    ticket = next((claimed for claimed in claims if claimed.ticket_id == refusal.fields["ticket"]), None)
    if ticket is None:
        return ""
    waits_for = "goods" if ticket.solution in GOODS_COME_BACK else "picture"
    state = f"waiting_{waits_for}" if ticket.status == "waiting_customer" else ticket.status
    return scene.turn.label(f"label_progress_{state}")


def clear_flow(*flows: type[Flow]) -> list[EventType]:
    """Forget what these flows were told."""
    slots = [*dict.fromkeys(slot for flow in flows for slot in flow.slots()), *MECHANISM]
    return [SlotSet(slot, None) for slot in slots]


def begin_first(waiting: list[dict[str, Any]]) -> list[EventType]:
    """Begin the first of these flows; the others wait on."""
    first, *rest = waiting
    return [
        SlotSet("waiting", rest or None),
        SlotSet("opening", first["opening"]),
        FollowupAction(f"{first['flow']}_form"),
    ]
