"""Which rule of which pack a clock runs by."""

from __future__ import annotations

from typing import Any

from bot.policy.duties import Clock
from bot.policy.pack import RulePack
from bot.services import Services


def pack_of(services: Services, clock: Any) -> RulePack:
    """The pack under which a clock was started; the newest where that one is gone."""
    packs = services.packs.packs
    return next((pack for pack in packs if pack.version == clock.pack_version), packs[-1])


def rule_of(services: Services, clock: Any) -> Clock:
    """The rule of a clock."""
    return pack_of(services, clock).clock(clock.rule)
