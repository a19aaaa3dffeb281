"""The declarative base, with constraint names that migrations can refer to."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import JSON, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declarative_base

Base: Any = declarative_base(
    metadata=MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
)
Json = JSON().with_variant(JSONB(), "postgresql")


def new_id() -> str:
    """A random id that nobody can guess."""
    return uuid.uuid4().hex
