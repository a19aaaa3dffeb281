"""Who acts at the desk: a server with the service key, or the account of somebody who is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import accounts, states
from bot.errors import NotAllowed, NotAuthenticated
from bot.store.models import Account

LEADERS = ("service", "supervisor", "admin")


@dataclass(frozen=True)
class Actor:
    """`role` service, agent, supervisor or admin; `email` of a service's the account in whose name it acts."""

    role: str
    account_id: int | None = None
    email: str | None = None
    name: str = ""

    @property
    def label(self) -> str:
        """How logs call the actor."""
        return "service" if self.role == "service" else str(self.email)

    @property
    def leads(self) -> bool:
        """Whether the actor decides over money and may act in everybody's conversations."""
        return self.role in LEADERS

    async def account(self, session: AsyncSession) -> Any:
        """The account in whose name this is done. Raises NotFound, NotAuthenticated."""
        if self.account_id is None:
            return await accounts.acting(session, self.email)
        account = await session.get(Account, self.account_id)
        if account is None:
            raise NotAuthenticated("the account is gone")
        return account

    def must_lead(self) -> None:
        """Raises NotAllowed for an agent."""
        if not self.leads:
            raise NotAllowed("only supervisors and admins may do this", "supervisors_only")

    def must_have(self, conversation: Any, *, or_waiting: bool = True) -> None:
        """Raises NotAllowed for an agent where the conversation is with somebody else."""
        own = conversation.owner == states.AGENT and conversation.agent_id == self.account_id
        waiting = or_waiting and conversation.owner == states.QUEUE
        if not (self.leads or own or waiting):
            raise NotAllowed("the conversation is not yours", "not_yours")


def service(email: str | None = None) -> Actor:
    """A server that holds the service key."""
    return Actor("service", email=email)


def of_account(account: Any) -> Actor:
    """Somebody who is logged in."""
    return Actor(account.role, account.id, account.email, account.name)
