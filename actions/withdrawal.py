"""Taking a ticket back: what was lacking turned up, or nothing is wanted any more. One yes closes the own ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import pointing
from actions.base import slots_of
from actions.end import FlowEnd
from actions.facts import Checked, Fact
from actions.flow import Flow, build_scene, register
from actions.form import FlowForm
from actions.heard import Heard, payload
from actions.questions import Ask, Button
from actions.scene import AND, MOST_OFFERED, Scene
from bot.clocks import ledger
from bot.conversation.turn import Turn
from bot.desk import tickets
from bot.lexicon import lexicon


class OwnTicket(Fact):
    """Which of the own tickets that are not done."""

    slot = "ticket"
    clears = ("closing",)

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        return next((ticket.id for ticket in scene.detail or () if ticket.id in heard.text), None)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        pointed = pointing.pointed_at(heard, _offered(scene))
        fitting = _fitting(heard, scene, None)
        return pointed.id if pointed else fitting[0].id if len(fitting) == 1 else None

    def needed(self, scene: Scene) -> bool:
        return bool(scene.detail)

    async def check(self, value: Any, scene: Scene) -> Checked:
        known = any(ticket.id == value for ticket in scene.detail or ())
        return Checked(value) if known else Checked(problem="utter_withdrawal_unknown")


class Closing(Fact):
    """The yes or no to closing it; who only says again that it is needless agrees."""

    slot = "closing"

    def answer(self, heard: Heard, scene: Scene) -> Any:
        words, text = lexicon(), heard.text
        if words.has("still_wanted", text):
            return False
        if words.has("needless", text) or words.has("found", text) or words.agrees(text):
            return True
        # What may mean "leave it" either way closes nothing.
        if words.is_whole("no", text) or words.is_whole("cancel", text):
            return False
        return True if heard.intent == Withdrawal.kin else None

    def needed(self, scene: Scene) -> bool:
        return scene.facts.get("ticket") is not None


@register
class Withdrawal(Flow):
    """Which ticket, and the yes. It is begun where an own ticket is open; policy has nothing to decide."""

    name = "withdrawal"
    intents = ()
    kin = "withdraw_after_sales"
    absorbs = ("withdraw_after_sales", "cancel_order")
    identify = (OwnTicket(), Closing())
    settle = ()
    settles_goods = False
    of_order = False

    @classmethod
    def claim(cls, scene: Scene) -> None:
        return None

    @classmethod
    async def guess(
        cls, scene: Scene, heard: Heard, told: Mapping[str, Any], slots: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The only ticket that fits what was said, or what was dealt with just before."""
        fitting = _fitting(heard, scene, slots.get("lately"))
        return {"ticket": fitting[0].id} if "ticket" not in told and len(fitting) == 1 else {}

    @classmethod
    async def look_up(cls, scene: Scene) -> Any:
        return await tickets.own_open(scene.turn.session, scene.turn.conversation)


def _fitting(heard: Heard, scene: Scene, lately: Mapping[str, Any] | None) -> list[Any]:
    """The own open tickets, by order, goods and cause as far as these are told and leave any."""
    fitting: list[Any] = list(scene.detail or ())
    order_no, skus = pointing.named_order(heard, scene), set(heard.values("product"))
    found = lexicon().has("found", heard.text)
    fitting = [each for each in fitting if order_no and each.order_no == order_no] or fitting
    fitting = [each for each in fitting if skus & {item["sku"] for item in each.items}] or fitting
    fitting = [each for each in fitting if found and each.cause in tickets.LACKING] or fitting
    before = (lately or {}).get("order_no")
    return [each for each in fitting if before and each.order_no == before] or fitting


def _offered(scene: Scene) -> list[Any]:
    return list(scene.detail or ())[:MOST_OFFERED]


def what_of(turn: Turn, ticket: Any) -> str:
    """What a ticket is about, as customers read it: the remedy and the goods."""
    catalogue = turn.services.shop.catalogue
    goods = AND.join(
        f"{catalogue[item['sku']].name}×{item['quantity']}" for item in ticket.items if item["sku"] in catalogue
    )
    solution = turn.label(f"label_withdrawn_{ticket.type}")
    return turn.label("label_ticket_of_goods", solution=solution, items=goods) if goods else solution


def fields_of(turn: Turn, ticket: Any) -> dict[str, Any]:
    """What the wordings may name of a ticket."""
    return {"ticket": ticket.id, "what": what_of(turn, ticket), "order_tail": (ticket.order_no or "")[-4:]}


def _chosen(scene: Scene) -> Any:
    return next((ticket for ticket in scene.detail or () if ticket.id == scene.facts.get("ticket")), None)


class AskTicket(Ask):
    """Which of several tickets."""

    slot = "ticket"

    def name(self) -> str:
        return "action_ask_ticket"

    def buttons(self, scene: Scene) -> list[Button]:
        turn, offered = scene.turn, _offered(scene)
        titles = [turn.label("label_ticket", **fields_of(turn, ticket)) for ticket in offered]
        payloads = [payload(ticket=ticket.id) for ticket in offered]
        return [{"title": title, "payload": to} for title, to in zip(titles, payloads, strict=True)]


class AskClosing(Ask):
    """The one confirmation."""

    slot = "closing"

    def name(self) -> str:
        return "action_ask_closing"

    def fields(self, scene: Scene) -> dict[str, Any]:
        ticket = _chosen(scene)
        return fields_of(scene.turn, ticket) if ticket else {}

    def buttons(self, scene: Scene) -> list[Button]:
        chosen = {"ticket": scene.facts.get("ticket")}
        return [
            {"title": scene.turn.label("label_close_ticket"), "payload": payload(closing=True, **chosen)},
            {"title": scene.turn.label("label_keep_ticket"), "payload": payload(closing=False, **chosen)},
        ]


class ValidateWithdrawalForm(FlowForm):
    """The form's one action."""

    flow = Withdrawal

    def name(self) -> str:
        return "validate_withdrawal_form"


class EndWithdrawal(FlowEnd):
    """The flow's exit: the ticket is closed, or stays as it is."""

    flow = Withdrawal

    def name(self) -> str:
        return "action_withdrawal_end"

    async def _conclude(self, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher) -> Scene:
        scene = await build_scene(self.flow, turn, slots_of(tracker))
        ticket = _chosen(scene)
        if ticket is None:
            dispatcher.utter_message(response="utter_withdrawal_none")
        elif not scene.facts.get("closing"):
            dispatcher.utter_message(response="utter_withdrawal_kept", **fields_of(turn, ticket))
        else:
            if ticket.order_no:
                await turn.orders.hold(ticket.order_no, turn.viewer)
            await tickets.withdraw(turn.session, turn.services, ticket, turn.text, turn.now)
            await ledger.cancel(turn.session, turn.services, ticket, "withdrawn", now=turn.now, actor="customer")
            dispatcher.utter_message(response="utter_withdrawal_done", **fields_of(turn, ticket))
        return scene
