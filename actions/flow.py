"""What a business flow is: a plan of facts, a claim on which policy decides, and what is done at its end.

How Rasa is led through it stands in form.py and end.py (docs/decisions/0002-one-mechanism-for-flows.md); what a message
means is decided in dialogue.py. A flow itself knows of none of these.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk.executor import CollectingDispatcher

from actions import facts, pointing
from actions.closing import open_agreed_ticket
from actions.facts import Fact
from actions.heard import Heard, from_opening
from actions.scene import MOST_OFFERED, Scene
from bot.conversation.turn import Turn
from bot.lexicon import lexicon
from bot.policy.decide import decide
from bot.policy.facts import Claim
from bot.policy.outcome import Decision

MECHANISM = ("flow", "asking", "tries", "repeats", "outcome", "opening", "said")


class Flow(ABC):
    """A business flow. `intents`: what starts it; `absorbs`: what does not lead out of it.

    `identify` is asked before policy decides, `settle` after. `settles_goods`: it ends with a remedy for the goods, so
    that two such flows about the same goods are one matter. `of_order`: it deals with an order that there is.
    `one_by_one`: of several goods of one order each has a claim of its own.
    `kin`: where words begin the flow and no intent does, the intent that comes nearest.
    `memory`: slots in which the flow keeps what outlives it.
    """

    name: ClassVar[str]
    intents: ClassVar[tuple[str, ...]]
    absorbs: ClassVar[tuple[str, ...]] = ()
    kin: ClassVar[str] = ""
    identify: ClassVar[tuple[Fact, ...]] = (facts.order_no, facts.phone_tail, facts.item, facts.quantity)
    settle: ClassVar[tuple[Fact, ...]] = (facts.solution, facts.confirmed)
    settles_goods: ClassVar[bool] = True
    of_order: ClassVar[bool] = True
    one_by_one: ClassVar[bool] = False
    memory: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def matter(cls) -> str:
        """The intent by which others call what the flow is about."""
        return cls.intents[0] if cls.intents else cls.kin

    @classmethod
    def plan(cls) -> tuple[Fact, ...]:
        """All facts in the order in which they are asked."""
        return cls.identify + cls.settle

    @classmethod
    def slots(cls) -> tuple[str, ...]:
        """The slots of the plan."""
        return tuple(fact.slot for fact in cls.plan())

    @classmethod
    def own(cls, heard: Heard, scene: Scene) -> tuple[str, ...]:
        """The intents that this message does not lead out of the flow with."""
        named, order = heard.values("product"), scene.order
        if not cls.settles_goods or order is None:
            return cls.intents + cls.absorbs
        if named:  # a wish for goods of another order is no word on this one
            return cls.intents + (cls.absorbs if any(order.line(sku) for sku in named) else ())
        # Who asks for less where something is put right haggles over no price.
        return (*cls.intents, *cls.absorbs, "bargain")

    @classmethod
    def hear(cls, heard: Heard, scene: Scene) -> Heard:
        """The message as the flow takes it; by default as it is."""
        return heard

    @classmethod
    @abstractmethod
    def claim(cls, scene: Scene) -> Claim | None:
        """What policy is asked about the order, once `identify` is known; None in a flow that is not about one."""

    @classmethod
    async def guess(
        cls, scene: Scene, heard: Heard, told: Mapping[str, Any], slots: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What the first message need not tell: by default the order in talk, or the only one."""
        if "order_no" in told or scene.order is not None:
            return {}
        in_talk, named = slots.get("order_in_talk"), heard.values("product")
        if not in_talk and not named and lexicon().goes_on(heard.text):
            in_talk = (slots.get("lately") or {}).get("order_no")
        order = await scene.turn.orders.find(in_talk, scene.turn.viewer) if in_talk else None
        if order and cls.usual(order.facts.status) and (not named or any(order.line(sku) for sku in named)):
            return {"order_no": order.order_no}
        # Troubles that are told in one breath are mostly about one parcel.
        beside = (from_opening(clause).values("product") for clause in heard.clauses)
        together = pointing.orders_with({*named, *(sku for skus in beside for sku in skus)}, scene)
        if named and len(together) == 1:
            return {"order_no": together[0]}
        return {"order_no": scene.orders[0].order_no} if len(scene.orders) == 1 else {}

    @classmethod
    async def look_up(cls, scene: Scene) -> Any:
        """What this flow alone looks up, for `scene.detail`."""
        return None

    @classmethod
    def usual(cls, status: str) -> bool:
        """Whether an order in this state is what the flow is usually about; such orders are offered."""
        return True

    @classmethod
    def whole(cls, status: str) -> bool:
        """Whether an order in this state is dealt with as a whole, so that neither goods nor quantity are asked."""
        return False

    @classmethod
    async def done(cls, scene: Scene, dispatcher: CollectingDispatcher) -> None:
        """Do what was agreed, and say so: by default, open the ticket of the chosen remedy."""
        claim = cls.claim(scene)
        if claim is None:
            raise ValueError(f"{cls.name} is about no order and needs an end of its own")
        await open_agreed_ticket(claim.cause, scene, dispatcher)


REGISTRY: dict[str, type[Flow]] = {}
STARTS: dict[str, str] = {}


def register(flow: type[Flow]) -> type[Flow]:
    """Make a flow known to the others (switching, queueing)."""
    REGISTRY[flow.name] = flow
    STARTS.update(dict.fromkeys(flow.intents, flow.name))
    return flow


async def build_scene(flow: type[Flow], turn: Turn, told: dict[str, Any]) -> Scene:
    """Load what the facts refer to, and ask policy once it can decide."""
    scene = Scene(turn, {slot: told.get(slot) for slot in (*flow.slots(), *flow.memory)})
    if scene.known_customer:
        scene.recent = await turn.orders.recent(turn.viewer)
        usual = [order for order in scene.recent if flow.usual(order.facts.status)]
        scene.orders = (usual or scene.recent)[:MOST_OFFERED]
    await load_order(flow, scene)
    return scene


async def load_order(flow: type[Flow], scene: Scene) -> None:
    """Bring the scene up to date after facts changed."""
    number = scene.facts.get("order_no")
    scene.order = await scene.turn.orders.find(number, scene.turn.viewer) if number else None
    scene.whole = scene.order is not None and flow.whole(scene.order.facts.status)
    scene.decision = decision_of(flow, scene)
    scene.detail = await flow.look_up(scene)


def decision_of(flow: type[Flow], scene: Scene) -> Decision | None:
    """What policy says, once order, goods and cause are known."""
    if scene.order is None or any(fact.needed(scene) and not fact.known(scene) for fact in flow.identify):
        return None
    claim = flow.claim(scene)
    if claim is None:
        return None
    return decide(scene.order.facts, claim, scene.pack, scene.turn.now)


def missing(flow: type[Flow], scene: Scene) -> str | None:
    """The slot of the first fact that is needed and unknown; None when nothing is open."""
    for fact in flow.plan():
        if fact in flow.settle and scene.decision is None:
            continue
        if not fact.known(scene) and fact.needed(scene):
            return fact.slot
    return None
