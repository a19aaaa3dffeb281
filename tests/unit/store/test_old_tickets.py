"""A database from before the log was the truth: its tickets are told by an event that holds all of them."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.store.database import MIGRATIONS, Database, migrate
from bot.store.models import Ticket
from bot.tickets import events
from bot.tickets.state import fold, of_row

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
OLD = (
    "INSERT INTO customers (id, name, phone, address, level, demo) VALUES ('c', '', '', '', 'normal', 0)",
    "INSERT INTO conversations (id, channel, sender, customer_id, owner, created_at, version)"
    " VALUES ('t', 'rest', 's', 'c', 'bot', '2026-01-02 03:04:05.000000', 1)",
    "INSERT INTO tickets (id, type, status, level, customer_id, conversation_id, items, amount, freight_payer, reason,"
    " evidence, rule_ids, created_at, due_at, version) VALUES ('T1', 'refund', '{status}', 'normal', 'c', 't',"
    " '[{{\"sku\": \"MUG\", \"quantity\": 1}}]', 3990, 'none', 'damaged', '[]', '[\"damaged\"]',"
    " '2026-01-02 03:04:05.000000', '2026-01-03 03:04:05.000000', 1)",
    "INSERT INTO ticket_events (ticket_id, kind, actor, detail, at)"
    " VALUES ('T1', 'opened', 'bot', '{{\"status\": \"approved\"}}', '2026-01-02 03:04:05.000000')",
)


@pytest.mark.parametrize(("status", "stage"), [("approved", "agreed"), ("open", "accepted"), ("done", "closed")])
def test_the_log_of_an_old_ticket_tells_its_row(tmp_path: Path, status: str, stage: str) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = make_url(url)
    command.upgrade(config, "0004")
    asyncio.run(_write(url, status))
    migrate(url)
    asyncio.run(_check(url, stage))


async def _write(url: str, status: str) -> None:
    database = Database(url)
    async with database.session() as session:
        for statement in OLD:
            await session.execute(text(statement.format(status=status).replace(":", "\\:")))
        await session.commit()
    await database.dispose()


async def _check(url: str, stage: str) -> None:
    database = Database(url)
    async with database.session() as session:
        ticket = await session.get(Ticket, "T1")
        log = await events.log_of(session, "T1")
        assert [event.kind for event in log] == ["opened", "imported"]
        state = of_row(ticket)
        assert fold(event.detail for event in log) == state
        assert (state.stage, state.created_at, state.late_for) == (stage, AT, state.due_at)
    await database.dispose()
