"""Is it alive, is it ready, how is it doing."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.http.context import house

health = Blueprint("health")


@health.get("/healthz")
async def alive(_request: Request) -> HTTPResponse:
    """The process answers."""
    return json({"status": "ok"})


@health.get("/readyz")
async def ready(request: Request) -> HTTPResponse:
    """The model is loaded and warm, and the database answers."""
    here = house(request)
    try:
        async with here.services.database.session() as session:
            await session.execute(text("SELECT 1"))
        database = True
    except SQLAlchemyError:
        database = False
    good = here.engine.ready and database
    return json({"ready": good, "model": here.engine.ready, "database": database}, status=200 if good else 503)


@health.get("/metrics")
async def metrics(_request: Request) -> HTTPResponse:
    """Prometheus."""
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)
