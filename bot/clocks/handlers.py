"""What the scheduler does: the jobs by their kind, and the sweeps. The one place in which either is named.

Jobs: `payment` (bot.tickets.payments): money that was asked for goes to the payment side.

Sweeps, and what marks a row of theirs as done:

bargains       approvals whose time is over: status, by an update that one node wins
silent talks   conversations to warn or to close: warned_at, owner, by an update that one node wins
promises       kept or broken: state, by an update that one node wins
orders         the order's clock itself, of which there is one at a time
offers         talks that no colleague took: reserved_for, by an update that one node wins
late tickets   late_for, under the ticket's version, with the event and its news
results        stage, under the ticket's version
news           of tickets: told_at, by an update that one node wins, with the message itself
sessions       logins that are over are deleted

The WeChat account brings its own (bot/channels/wechat/channel.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from bot.clocks import orders
from bot.clocks.jobs import Handler
from bot.clocks.sweeps import Sweep
from bot.conversation.hub import Hub
from bot.desk import idle
from bot.desk.promises import settle_due
from bot.desk.service import Desk
from bot.desk.sessions import Sessions
from bot.orders.refunds import RefundGateway
from bot.services import Services
from bot.tickets import due, payments, telling

BARGAINS_SECONDS = 15.0
SILENCE_SECONDS = 20.0
OFFERS_SECONDS = 2.0
DUE_SECONDS = 5.0
SESSIONS_SECONDS = 600.0


def handlers(hub: Hub, gateway: RefundGateway) -> Mapping[str, Handler]:
    """Who does the jobs of a kind."""
    return {payments.JOB: payments.handler(hub, gateway)}


def sweeps(services: Services, hub: Hub, desk: Desk, sessions: Sessions) -> Sequence[Sweep]:
    """What is looked at every few seconds."""
    return (
        Sweep("offers", OFFERS_SECONDS, desk.transfers.expire),
        Sweep("bargains", BARGAINS_SECONDS, desk.expire_bargains),
        Sweep("silent talks", SILENCE_SECONDS, partial(idle.sweep, services, hub)),
        Sweep("promises", DUE_SECONDS, partial(settle_due, services, hub)),
        Sweep("orders", DUE_SECONDS, partial(orders.follow, services, hub)),
        Sweep("late tickets", DUE_SECONDS, partial(due.mark_late, services, hub)),
        Sweep("results", DUE_SECONDS, partial(due.confirm_by_silence, services, hub)),
        Sweep("news", DUE_SECONDS, partial(telling.tell_due, services, hub)),
        Sweep("sessions", SESSIONS_SECONDS, sessions.purge),
    )
