"""The demo shop: its page's data, its signed identities, its reset. Only while the demo shop is loaded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot.errors import NotFound, WrongState
from bot.http.auth import same_origin, service_only
from bot.http.context import House, body, house, id_of
from bot.http.limits import address_of
from bot.orders.gateway import OrderView, Viewer
from bot.orders.seed import is_demo, reset_demo
from bot.orders.sql import SqlCatalogue, SqlOrders
from bot.store.models import Conversation, Customer, Product

demo = Blueprint("demo")
log = structlog.get_logger(__name__)

CONFLICTS = 5
# Of a product's details, what its page tells.
SHOWN = (
    "category",
    "colors",
    "sizes",
    "no_reason",
    "traits",
    "parts",
    "warranty_days",
    "shelf_life",
    "material",
    "capacity",
)


@demo.get("/demo/shop")
async def shop(request: Request) -> HTTPResponse:
    """Products with today's prices, and the customers one may play."""
    here = house(request)
    async with here.services.database.session() as session:
        await _demo_only(session)
        catalogue = SqlCatalogue(session, here.services.clock)
        products = (await session.execute(select(Product).order_by(Product.name))).scalars().all()
        shown = [await _product(catalogue, product) for product in products]
        customers = (await session.execute(select(Customer).where(Customer.demo == 1).order_by(Customer.id))).scalars()
        people = [{"id": c.id, "name": c.name, "level": c.level} for c in customers.all()]
    return json({"shop": {"name": here.services.shop.name}, "products": shown, "customers": people}, ensure_ascii=False)


async def _product(catalogue: SqlCatalogue, product: Any) -> dict[str, Any]:
    activity = await catalogue.activity(product.sku)
    return {
        "sku": product.sku,
        "name": product.name,
        "price": f"{(activity.price if activity else product.price):.2f}",
        "list_price": f"{product.price:.2f}" if activity else None,
        "activity_until": _instant(activity.ends_at) if activity else None,
        "stock": product.stock,
        "restock_at": _instant(product.restock_at),
        "ships_at": _instant(product.ships_at),
        "gifts": [gift for gift in product.details["gift"].split("|") if gift],
        **{detail: product.details[detail] for detail in SHOWN},
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


@demo.get("/demo/orders/<customer_id:str>")
async def orders(request: Request, customer_id: str) -> HTTPResponse:
    """The orders of a demo customer."""
    here = house(request)
    async with here.services.database.session() as session:
        await _demo_only(session)
        await _demo_customer(session, customer_id)
        gateway = SqlOrders(session, here.services.clock, here.services.shop.gift_values)
        views = await gateway.recent(Viewer("", "web", "", customer_id))
    return json({"orders": [_order(view) for view in views]}, ensure_ascii=False)


def _order(view: OrderView) -> dict[str, Any]:
    lines = zip(view.facts.lines, view.options, strict=True)
    parcels = view.parcels or ({"courier": view.courier, "tracking": view.tracking},)
    return {
        "order_no": view.order_no,
        "status": view.facts.status,
        "paid": f"{view.facts.paid:.2f}",
        "items": [
            {
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "options": [str(v) for v in options.values()],
            }
            for line, options in lines
        ],
        "gifts": list(view.facts.gifts),
        "parcels": [
            {"courier": parcel["courier"], "tracking": parcel["tracking"]} for parcel in parcels if parcel["tracking"]
        ],
        "date": view.created_at.isoformat(),
    }


@demo.post("/demo/identity")
async def identity(request: Request) -> HTTPResponse:
    """A signed token for a demo customer, as a real shop's server would make it for its own."""
    here = house(request)
    same_origin(request)
    here.address_limit.take(address_of(request, here.services.settings.trusted_proxies))
    async with here.services.database.session() as session:
        await _demo_only(session)
        customer = await _demo_customer(session, id_of(body(request), "customer_id", longest=64))
    return json({"token": here.identities.for_customer(customer.id)})


@demo.post("/demo/reset")
async def reset_from_page(request: Request) -> HTTPResponse:
    """The button of the demo page."""
    same_origin(request)
    here = house(request)
    here.address_limit.take(address_of(request, here.services.settings.trusted_proxies))
    return await _reset(request)


@demo.post("/api/v1/demo/reset")
async def reset_by_service(request: Request) -> HTTPResponse:
    """Begin the demo anew."""
    service_only(request)
    return await _reset(request)


async def _reset(request: Request) -> HTTPResponse:
    here = house(request)
    for upload_id in await _begin_anew(here):
        (here.services.settings.uploads_dir / upload_id).unlink(missing_ok=True)
    return json({"status": "ok"})


async def _begin_anew(here: House) -> list[str]:
    """Reset in one unit of work; again when somebody wrote in between. Ids of uploads that are gone."""
    for _ in range(CONFLICTS):
        async with here.services.database.session() as session:
            await _demo_only(session)
            try:
                known = (await session.execute(select(Conversation.id))).scalars().all()
                unseen = await reset_demo(session, here.services.shop, here.services.clock.now())
                for conversation_id in known:
                    here.hub.tell("gone", conversation_id)
                return unseen
            except (DBAPIError, StaleDataError) as conflict:
                log.warning("reset again", reason=type(conflict).__name__)
    raise WrongState("the demo shop is busy", "busy")


async def _demo_only(session: AsyncSession) -> None:
    if not await is_demo(session):
        raise NotFound("the demo shop is not loaded")


async def _demo_customer(session: AsyncSession, customer_id: str) -> Any:
    customer = await session.get(Customer, customer_id)
    if customer is None or not customer.demo:
        raise NotFound("no such demo customer")
    return customer
