"""The shop's coupons: which a purchase and a customer qualify for, and how long they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.orders.seed import DEMO
from bot.shop import Coupon, relative_time
from bot.store.models import Setting


def of_level(coupons: Sequence[Coupon], level: str) -> list[Coupon]:
    """Those that a customer of this level may use."""
    return [coupon for coupon in coupons if not coupon.levels or level in coupon.levels]


def best(coupons: Sequence[Coupon], total: Decimal, level: str) -> Coupon | None:
    """The coupon that takes most off, of those that this purchase and customer qualify for."""
    fitting = [coupon for coupon in of_level(coupons, level) if total >= coupon.min_spend]
    return max(fitting, key=lambda coupon: coupon.reduction, default=None)


async def until(session: AsyncSession, coupon: Coupon, now: datetime) -> datetime | None:
    """When the coupon ends; None where it does not."""
    seeded = await session.get(Setting, DEMO)
    since = datetime.fromisoformat(seeded.value) if seeded else now
    return relative_time(coupon.until, since)
