"""Tickets by their log: steps, levels with reasons, merging, links, news to the customer, refunds that were asked for.

What was there before gets an event that holds the whole state, from which its log tells it from then on.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
INSTANT = sa.DateTime(timezone=True)
COLUMNS = (
    "type", "status", "level", "order_no", "customer_id", "conversation_id", "items", "amount", "freight_payer",
    "cause", "reason", "evidence", "rule_ids", "created_at", "due_at",
)  # fmt: skip


def new_columns() -> tuple[Any, ...]:
    """What a ticket has beside what it had; made anew, since a column belongs to one table."""
    return (
        sa.Column("gravity", sa.String(length=1), server_default="1", nullable=False),
        sa.Column("level_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.String(length=8), server_default="normal", nullable=False),
        sa.Column("stage", sa.String(length=12), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=120), server_default="", nullable=False),
        sa.Column("details", JSON, server_default="{}", nullable=False),
        sa.Column("payment", sa.String(length=8), server_default="none", nullable=False),
        sa.Column("reopened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("parent_id", sa.String(length=16), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("late_for", INSTANT, nullable=True),
        sa.Column("result_confirmed_at", INSTANT, nullable=True),
    )


def upgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        for column in new_columns():
            batch_op.add_column(column)
        batch_op.create_foreign_key(
            batch_op.f("fk_tickets_parent_id"), "tickets", ["parent_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_tickets_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tickets_payment"), ["payment"], unique=False)
        batch_op.create_index("ix_tickets_status", ["status", "due_at"], unique=False)

    op.create_table(
        "ticket_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("a", sa.String(length=16), nullable=False),
        sa.Column("b", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["a"], ["tickets.id"], name=op.f("fk_ticket_links_a"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["b"], ["tickets.id"], name=op.f("fk_ticket_links_b"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_links")),
        sa.UniqueConstraint("a", "b", "kind", name=op.f("uq_ticket_links_a")),
    )
    op.create_index(op.f("ix_ticket_links_b"), "ticket_links", ["b"], unique=False)

    op.create_table(
        "ticket_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["ticket_events.id"], name=op.f("fk_ticket_news_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_news_ticket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_ticket_news_message_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_news")),
        sa.UniqueConstraint("event_id", name=op.f("uq_ticket_news_event_id")),
    )
    op.create_index(op.f("ix_ticket_news_ticket_id"), "ticket_news", ["ticket_id"], unique=False)
    op.create_index("ix_ticket_news_due", "ticket_news", ["told_at", "due_at"], unique=False)

    op.create_table(
        "refunds",
        sa.Column("ticket_id", sa.String(length=16), nullable=False),
        sa.Column("order_no", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("applied_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_refunds_ticket_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["order_no"], ["orders.order_no"], name=op.f("fk_refunds_order_no"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_order_no"), "refunds", ["order_no"], unique=False)
    _tell_what_is_there()


def _tell_what_is_there() -> None:
    """Old tickets count as neither late nor unconfirmed: nobody is told today of what was so long ago."""
    connection = op.get_bind()
    columns = (*COLUMNS, "id")
    tickets = sa.table("tickets", *map(sa.column, columns), *map(sa.column, ("stage", "late_for", "gravity")))
    events = sa.table(
        "ticket_events", sa.column("ticket_id"), sa.column("kind"), sa.column("actor"),
        sa.column("detail", JSON), sa.column("at", INSTANT),
    )  # fmt: skip
    for row in connection.execute(sa.select(*(tickets.c[name] for name in columns))).mappings().all():
        gravity = row["level"] if row["level"] in ("1", "2", "3") else "1"
        stage = "closed" if row["status"] in ("done", "rejected", "withdrawn") else _stage(row)
        told = {name: _json(row[name]) for name in COLUMNS}
        told["amount"] = None if row["amount"] is None else f"{Decimal(row['amount']) / 100:.2f}"
        for name in ("items", "evidence", "rule_ids"):
            told[name] = json.loads(row[name]) if isinstance(row[name], str) else row[name]
        told |= {name: _instant(row[name]) for name in ("created_at", "due_at")}
        told |= {"gravity": gravity, "stage": stage, "late_for": told["due_at"], "details": {}}
        changed = sa.update(tickets).where(tickets.c.id == row["id"])
        connection.execute(changed.values(stage=stage, gravity=gravity, late_for=tickets.c.due_at))
        at = datetime.fromisoformat(told["created_at"])
        connection.execute(
            events.insert().values(ticket_id=row["id"], kind="imported", actor="migration", detail={"set": told}, at=at)
        )


def _stage(row: Any) -> str:
    if row["type"] in ("complaint", "dispute"):
        return "received"
    return "filed" if row["type"] == "message" else "accepted" if row["status"] == "open" else "agreed"


def _instant(value: Any) -> str | None:
    """An instant as it is read, with its zone: SQLite keeps UTC without one."""
    if value is None:
        return None
    instant: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)).isoformat()


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, datetime) else value


def downgrade() -> None:
    op.drop_table("refunds")
    op.drop_table("ticket_news")
    op.drop_table("ticket_links")
    op.execute("DELETE FROM ticket_events WHERE kind = 'imported'")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_status")
        batch_op.drop_index(batch_op.f("ix_tickets_payment"))
        batch_op.drop_index(batch_op.f("ix_tickets_parent_id"))
        batch_op.drop_constraint(batch_op.f("fk_tickets_parent_id"), type_="foreignkey")
        for column in reversed(new_columns()):
            batch_op.drop_column(column.name)
