"""The shop as its merchant describes it in `shop/`: name, hours, freight, catalogue. Read once at start."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from bot.clock import SHANGHAI
from bot.errors import ShopError

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
MISSES = 2
WARN_MINUTES, CLOSE_MINUTES = 30, 35
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Opening:
    """Hours on the days first..last (0 = Monday), from `start` to `end` of the same day."""

    first: int
    last: int
    start: time
    end: time

    def on(self, day: int) -> bool:
        """Whether these hours hold on a weekday."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class CatalogueItem:
    """A row of products.csv. Money in yuan; `restock` and `ships_at` are relative times such as +5d."""

    sku: str
    name: str
    aliases: tuple[str, ...]
    price: Decimal
    floor: Decimal
    stock: int
    restock: str
    ships_at: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Coupon:
    """A coupon of coupons.yml. Money in yuan; `levels` empty: for everybody; `until` relative to the day of seeding."""

    text: str
    reduction: Decimal
    min_spend: Decimal
    levels: tuple[str, ...]
    until: str


@dataclass(frozen=True)
class Idle:
    """After how much silence a customer is asked whether they are still there, and the talk is closed."""

    warn_minutes: int
    close_minutes: int

    @property
    def grace(self) -> timedelta:
        """The time from the question to the close."""
        return timedelta(minutes=self.close_minutes - self.warn_minutes)


@dataclass(frozen=True)
class Shop:
    """What the merchant set. `misses_before_person`: so many messages in a row not understood bring a person."""

    directory: Path
    name: str
    tone: str
    vocative: str
    openings: tuple[Opening, ...]
    shipping: Mapping[str, Any]
    misses_before_person: int
    return_address: Mapping[str, str]
    gift_values: Mapping[str, Decimal]
    coupons: tuple[Coupon, ...]
    catalogue: Mapping[str, CatalogueItem]
    size_charts: Mapping[str, Any]
    idle: Idle

    def is_open(self, now: datetime) -> bool:
        """Whether people are there at this instant."""
        local = now.astimezone(SHANGHAI)
        return any(o.on(local.weekday()) and o.start <= local.time() < o.end for o in self.openings)

    def opens_at(self, now: datetime) -> datetime:
        """The next instant at which people are there; `now` itself while they are."""
        local = now.astimezone(SHANGHAI)
        if self.is_open(local):
            return local
        for ahead in range(8):
            day = local + timedelta(days=ahead)
            starts = sorted(o.start for o in self.openings if o.on(day.weekday()))
            for start in starts:
                instant = datetime.combine(day.date(), start, SHANGHAI)
                if instant > local:
                    return instant
        raise ShopError("shop.yml: hours are never open")

    def closes_at(self, now: datetime) -> datetime:
        """The instant at which people, who are there now, leave (for lunch, say); `now` itself while nobody is."""
        local = now.astimezone(SHANGHAI)
        ends = [o.end for o in self.openings if o.on(local.weekday()) and o.start <= local.time() < o.end]
        return datetime.combine(local.date(), max(ends), SHANGHAI) if ends else local

    def hours_on(self, day: date) -> tuple[time, time] | None:
        """When people come and when they go on a day; None where nobody comes."""
        today = [o for o in self.openings if o.on(day.weekday())]
        return (min(o.start for o in today), max(o.end for o in today)) if today else None

    def hours_text(self, now: datetime) -> str:
        """Today's hours, such as 09:00–12:30 13:30–22:00."""
        today = now.astimezone(SHANGHAI).weekday()
        return " ".join(f"{o.start:%H:%M}–{o.end:%H:%M}" for o in self.openings if o.on(today))


def load_shop(directory: Path) -> Shop:
    """Read shop.yml and the files beside it; raise ShopError naming the file and what is wrong."""
    raw = _yaml(directory / "shop.yml")
    try:
        return Shop(
            directory=directory,
            name=raw["name"],
            tone=raw["tone"],
            vocative=raw.get("vocative", {}).get(raw["tone"], ""),
            openings=tuple(_opening(entry) for entry in raw["hours"]),
            shipping=raw["shipping"],
            misses_before_person=_misses(raw.get("misses_before_person", MISSES)),
            return_address=raw["return_address"],
            gift_values={name: Decimal(value) for name, value in raw["gift_values"].items()},
            coupons=tuple(_coupon(entry) for entry in _yaml(directory / "coupons.yml")),
            catalogue=_catalogue(directory / "products.csv"),
            size_charts=_yaml(directory / "size_charts.yml"),
            idle=_idle(raw.get("idle", {})),
        )
    except (KeyError, InvalidOperation, ValueError) as error:
        raise ShopError(f"shop.yml: {error!r}") from error


def _misses(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"misses_before_person: {value!r} is no number from 1 on")
    return value


def _yaml(path: Path) -> Any:
    if not path.exists():
        raise ShopError(f"{path} is missing")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _opening(entry: Mapping[str, str]) -> Opening:
    first, _, last = entry["days"].partition("-")
    return Opening(
        DAYS.index(first), DAYS.index(last or first), time.fromisoformat(entry["from"]), time.fromisoformat(entry["to"])
    )


def _idle(entry: Mapping[str, Any]) -> Idle:
    idle = Idle(int(entry.get("warn_minutes", WARN_MINUTES)), int(entry.get("close_minutes", CLOSE_MINUTES)))
    if not 0 < idle.warn_minutes < idle.close_minutes:
        raise ValueError("idle: the warning comes before the close")
    return idle


def _coupon(entry: Mapping[str, Any]) -> Coupon:
    return Coupon(
        text=entry["text"],
        reduction=Decimal(entry["reduction"]),
        min_spend=Decimal(entry["min_spend"]),
        levels=tuple(entry.get("levels", ())),
        until=entry["until"],
    )


def _catalogue(path: Path) -> dict[str, CatalogueItem]:
    if not path.exists():
        raise ShopError(f"{path} is missing")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["sku"]: _item(path, row) for row in csv.DictReader(file)}


def _counted(parts: list[str]) -> dict[str, int]:
    return {name: int(count) for name, _, count in (part.partition(":") for part in parts)}


def _item(path: Path, row: Mapping[str, str]) -> CatalogueItem:
    def parts(name: str) -> list[str]:
        return [part for part in row[name].split("|") if part]

    try:
        pieces = _counted(parts("parts"))
        # What is packed together and what makes up a set can both be lacking; the column of the former may be left out.
        packed = _counted(parts("contents")) if row.get("contents") else {}
        details: dict[str, Any] = {
            "category": row["category"],
            "colors": parts("colors"),
            "sizes": parts("sizes"),
            "size_chart": row["size_chart"],
            "no_reason": row["no_reason"],
            "traits": parts("traits"),
            "set": pieces,
            "parts": pieces | packed,
            "gift": row["gift"],
            "warranty_days": int(row["warranty_days"]) if row["warranty_days"] else None,
            "shelf_life": row["shelf_life"],
            "material": row["material"],
            "capacity": row["capacity"],
        }
        return CatalogueItem(
            sku=row["sku"],
            name=row["name"],
            aliases=tuple(parts("aliases")),
            price=Decimal(row["price"]),
            floor=Decimal(row["floor"]),
            stock=int(row["stock"]),
            restock=row["restock"],
            ships_at=row["ships_at"],
            details=details,
        )
    except (KeyError, ValueError, InvalidOperation) as error:
        raise ShopError(f"{path.name}: {row.get('sku', '?')}: {error!r}") from error


def relative_time(text: str, now: datetime) -> datetime | None:
    """An instant told relative to `now`: -3d, -80h, +30m; None for the empty text. Raises ShopError."""
    if not text:
        return None
    try:
        return now + int(text[:-1]) * UNITS[text[-1]]
    except (KeyError, ValueError) as error:
        raise ShopError(f"{text!r} is no relative time") from error
