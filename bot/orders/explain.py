"""`python -m bot policy explain`: a decision on a stored order."""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy import select

from bot.errors import BadInput, NotFound
from bot.orders.gateway import Viewer
from bot.orders.sql import SqlOrders
from bot.policy.decide import decide
from bot.policy.explain import as_json
from bot.policy.facts import Cause, Claim
from bot.services import Services
from bot.store.models import Order


async def explain_order(services: Services, order_no: str, cause: str) -> dict[str, Any]:
    """What the rules allow for a whole order, as its owner. Raises NotFound, BadInput."""
    if cause not in get_args(Cause):
        raise BadInput(f"cause: one of {', '.join(get_args(Cause))}")
    async with services.database.session() as session:
        query = select(Order.customer_id).where(Order.order_no == order_no)
        customer_id = (await session.execute(query)).scalar()
        gateway = SqlOrders(session, services.clock, services.shop.gift_values)
        order = await gateway.find(order_no, Viewer("", "", "", customer_id))
    await services.database.dispose()
    if order is None:
        raise NotFound(f"no order {order_no}")
    pack = services.packs.for_payment(order.facts.paid_at or services.clock.now())
    claim = Claim(cause, intact=True, opened=False)  # type: ignore[arg-type]
    return as_json(decide(order.facts, claim, pack, services.clock.now()), pack)
