"""The desk's side of the ledger of promises: settled in time, listed, checked before they are made."""

from __future__ import annotations

from typing import Any

from bot.conversation.hub import Hub
from bot.desk.actors import Actor
from bot.desk.units import named
from bot.desk.work import Work, transact
from bot.errors import BadInput
from bot.promises import gate, ledger, listing
from bot.services import Services

MOST = 200


async def settle_due(services: Services, hub: Hub) -> int:
    """Settle what the orders tell and what is overdue; how many. With several nodes each promise is settled once."""

    async def do(work: Work) -> int:
        came = await ledger.settle_orders(work.session, services)
        return came + await ledger.settle_overdue(work.session, services, work.now)

    return await transact(services, hub, do)


class Promises:
    """What servers and the console ask about promises."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def check(self, conversation_id: str, text: str, actor: Actor) -> list[dict[str, Any]]:
        """What would become of a text, if the actor sent it. Raises NotFound, NotAllowed."""
        async with self._services.database.session() as session:
            conversation = await named(conversation_id)(session)
            account = await actor.account(session)
            judgement = await gate.judge(session, self._services, conversation, account.role, text)
            return gate.as_json(self._services, judgement)

    async def listed(self, sender: str | None, state: str | None) -> list[dict[str, Any]]:
        """The promises to a sender, in a state, or both. Raises BadInput."""
        if not sender and not state:
            raise BadInput("sender or state is needed")
        if state and state not in ledger.STATES:
            raise BadInput(f"state: one of {', '.join(ledger.STATES)}")
        async with self._services.database.session() as session:
            return [ledger.as_json(entry) for entry in await listing.listed(session, sender, state, MOST)]

    async def figures(self) -> list[dict[str, Any]]:
        """How many were kept and broken, by kind and by who promised."""
        async with self._services.database.session() as session:
            return await listing.figures(session)
