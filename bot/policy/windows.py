"""How long a claim is in time. Every end is the last instant that is still in (R708, R709)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import SHANGHAI
from bot.policy.pack import RulePack


@dataclass(frozen=True)
class Window:
    """From `start` to `end`, both in; Asia/Shanghai."""

    start: datetime
    end: datetime

    def over(self, now: datetime) -> bool:
        """Whether `now` is too late. Before the start is not too late: the days only begin to count there."""
        return now > self.end


def after_signing(signed_at: datetime, length: timedelta) -> Window:
    """A window that is counted from 00:00 of the day after signing (R709)."""
    next_day = signed_at.astimezone(SHANGHAI).date() + timedelta(days=1)
    start = datetime.combine(next_day, time(), SHANGHAI)
    return Window(start, start + length)


def no_reason(signed_at: datetime, pack: RulePack) -> Window:
    """In which goods can be returned by own wish."""
    return after_signing(signed_at, timedelta(hours=pack.no_reason_return.window_hours))


def fault_report(signed_at: datetime, pack: RulePack) -> Window:
    """In which the shop's fault has to be reported."""
    return after_signing(signed_at, timedelta(days=pack.our_fault.report_within_days))


def quality_exchange(signed_at: datetime, pack: RulePack) -> Window:
    """In which faulty goods can still be exchanged."""
    return after_signing(signed_at, timedelta(days=pack.after_report.quality_exchange_within_days))


def warranty(signed_at: datetime, warranty_days: int) -> Window:
    """In which a product is repaired."""
    return after_signing(signed_at, timedelta(days=warranty_days))


def price_protection(paid_at: datetime, pack: RulePack) -> Window:
    """In which a price that falls is made good, counted from the payment itself."""
    paid = paid_at.astimezone(SHANGHAI)
    return Window(paid, paid + timedelta(days=pack.price_protection.days_from_payment))


def ship_by(paid_at: datetime, pack: RulePack) -> datetime:
    """The last instant at which a parcel leaves in time (R744)."""
    return paid_at.astimezone(SHANGHAI) + timedelta(hours=pack.late_shipping.after_hours)
