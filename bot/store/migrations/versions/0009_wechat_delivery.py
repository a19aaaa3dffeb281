"""WeChat: pushes that came, what may be sent to whom, and messages that are cut into several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wechat_pushes",
        sa.Column("replay_key", sa.String(length=160), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("replay_key", name=op.f("pk_wechat_pushes")),
    )
    with op.batch_alter_table("wechat_pushes", schema=None) as batch_op:
        batch_op.create_index("ix_wechat_pushes_message", ["message_id"], unique=False)
        batch_op.create_index("ix_wechat_pushes_seen", ["seen_at"], unique=False)
    op.create_table(
        "wechat_users",
        sa.Column("openid", sa.String(length=128), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("message_left", sa.Integer(), nullable=False),
        sa.Column("message_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("action_left", sa.Integer(), nullable=False),
        sa.Column("action_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("awaits", sa.Boolean(), nullable=False),
        sa.Column("kf_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("openid", name=op.f("pk_wechat_users")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("progress", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ticket_id", sa.String(length=16), nullable=True))
        batch_op.create_index("ix_outbox_message", ["message_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message")
        batch_op.drop_column("ticket_id")
        batch_op.drop_column("claimed_at")
        batch_op.drop_column("progress")
    op.drop_table("wechat_users")
    op.drop_table("wechat_pushes")
