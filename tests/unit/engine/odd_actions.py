"""Actions that misbehave, for test_actions.py; their names are nobody else's."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection


class Good(Action):
    """Does what an action should."""

    def name(self) -> str:
        return "action_odd_good"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return [SlotSet("asking", "again")]


class Slow(Action):
    """Takes longer than anybody waits."""

    def name(self) -> str:
        return "action_odd_slow"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        await asyncio.sleep(60)
        return []


class Broken(Action):
    """Raises."""

    def name(self) -> str:
        return "action_odd_broken"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        raise KeyError("broken")


class Rejecting(Action):
    """Refuses to run, which Rasa knows how to take."""

    def name(self) -> str:
        return "action_odd_rejecting"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        raise ActionExecutionRejection(self.name())


class Wrong(Action):
    """Answers what is no answer: replies must be objects."""

    def name(self) -> str:
        return "action_odd_wrong"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        dispatcher.messages.append("no object")  # type: ignore[arg-type]
        return []
