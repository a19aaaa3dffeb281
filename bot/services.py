"""What every part of the house needs, built once. Each event loop has its own `Database`, all else is shared."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.orders.sql import PROOF_WINDOW
from bot.policy.pack import Packs
from bot.settings import Settings
from bot.shop import Shop, load_shop
from bot.store.database import Database
from bot.texts import Texts


@dataclass(frozen=True)
class Services:
    """Settings, clock, shop, texts, rule packs and the database of the present loop."""

    settings: Settings
    clock: Clock
    shop: Shop
    texts: Texts
    packs: Packs
    database: Database

    @property
    def push_channels(self) -> frozenset[str]:
        """Channels whose customers cannot fetch a message by themselves."""
        rest = {"rest"} if self.settings.rest_callback_url else set()
        return self.reply_channels | rest

    @property
    def reply_channels(self) -> frozenset[str]:
        """Those to which also what the bot answers must be sent: no request waits for it with certainty."""
        return frozenset({"wechat"} if self.settings.wechat_token else ())

    def for_another_loop(self) -> Services:
        """The same, with connections of their own."""
        return replace(self, database=Database(self.settings.database_url))


def build_services(settings: Settings) -> Services:
    """Read the shop's files and prepare the database connection; raises ShopError or PolicyError."""
    clock = Clock(settings.fake_now)
    shop = load_shop(settings.shop_dir)
    packs = Packs.load(settings.shop_dir / "policies")
    return Services(
        settings=settings,
        clock=clock,
        shop=shop,
        texts=Texts(settings.shop_dir / "texts", constant_fields(shop, packs, clock)),
        packs=packs,
        database=Database(settings.database_url),
    )


def constant_fields(shop: Shop, packs: Packs, clock: Clock) -> dict[str, str]:
    """The fields that every text may use."""
    pack = packs.for_payment(clock.now())
    shipping = shop.shipping
    return {
        "dear": shop.vocative,
        "shop_name": shop.name,
        "free_from": _short(shipping["free_from"]),
        "freight": _short(shipping["freight"]),
        "couriers": "、".join(shipping["default_couriers"]),
        "paid_courier": shipping["paid_courier"]["name"],
        "paid_extra": _short(shipping["paid_courier"]["extra"]),
        "ships_from": shipping["ships_from"],
        "hours": shop.hours_text(clock.now()),
        "return_window_days": str(pack.no_reason_return.days),
        "price_days": str(pack.price_protection.days_from_payment),
        "late_hours": str(pack.late_shipping.after_hours),
        "refund_days": pack.refund_arrival.told,
        "lock_minutes": str(int(PROOF_WINDOW.total_seconds() // 60)),
        "return_name": shop.return_address["name"],
        "return_phone": shop.return_address["phone"],
        "return_address": shop.return_address["address"],
    }


def _short(money: str) -> str:
    """Yuan as people write them: 59 for 59.00, 8.5 for 8.50."""
    return f"{float(money):g}"
