"""Shared fixtures: the trained model, a database of its own for each test, a customer who talks to the real spine."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sanic import Sanic
from sqlalchemy import select

from bot import logs
from bot.app import create_app
from bot.conversation import shown
from bot.conversation.hub import Hub
from bot.conversation.spine import Spine
from bot.conversation.transcript import open_conversation
from bot.conversation.worker import Worker
from bot.desk.service import Desk
from bot.engine.engine import Engine
from bot.model import Attachment, Card, Inbound, Transcript
from bot.orders.gateway import Viewer
from bot.prepare import prepare_database
from bot.services import Services, build_services
from bot.settings import ROOT, Settings
from bot.store.database import Database
from bot.store.models import Conversation, IssuedButton

logs.configure("warning")

NOON = datetime.fromisoformat("2026-03-04T15:00:00+08:00")
NIGHT = datetime.fromisoformat("2026-03-04T23:30:00+08:00")
TURN_SECONDS = 30.0


def demo(name: str) -> list[dict[str, Any]]:
    """A file of the demo shop: customers, orders."""
    loaded: list[dict[str, Any]] = yaml.safe_load((ROOT / "shop" / "demo" / f"{name}.yml").read_text(encoding="utf-8"))
    return loaded


def settings_for(directory: Path, now: datetime | None = NOON, **changes: Any) -> Settings:
    """Settings of a shop in a directory of its own."""
    directory.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {
        "var_dir": directory,
        "database_url": f"sqlite+aiosqlite:///{directory / 'shop.db'}",
        "service_api_key": "test-service-key",
        "identity_secret": "test-identity-secret-of-enough-length",
        "admin_password": "test-password",
        "fake_now": now,
        "web_burst": 0.0,
    }
    return Settings(**{**values, **changes})


@pytest.fixture(scope="session")
def model() -> Path:
    """The project's model, trained now if anything changed; in a process of its own, as its command does."""
    done = subprocess.run([sys.executable, "-m", "bot", "train"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return Path(done.stdout.split()[-1])


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> dict[datetime, Path]:
    """Migrated and seeded databases for two points in time, made once and copied by each test."""
    made = {}
    for now in (NOON, NIGHT):
        directory = tmp_path_factory.mktemp("seeded")
        prepare_database(build_services(settings_for(directory, now)))
        made[now] = directory / "shop.db"
    return made


@pytest.fixture(scope="session")
def engine(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Rasa, loaded once."""
    return Engine(build_services(settings_for(tmp_path_factory.mktemp("engine"))), model)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Sanic]:
    """The service, put together but not started. Sanic keeps every name that was ever used."""
    made = create_app(settings_for(tmp_path))
    made.finalize()
    yield made
    Sanic._app_registry.pop(made.name)


@dataclass
class Shop:
    """The spine of one shop, in this process."""

    services: Services
    spine: Spine
    desk: Desk
    worker: Worker

    def customer(self, customer_id: str | None = None, sender: str = "") -> Customer:
        """Somebody who writes; unknown without an id."""
        return Customer(self, customer_id, sender or f"s-{secrets.token_hex(4)}")

    async def tickets(self, sender: str) -> list[dict[str, Any]]:
        """The sender's tickets, oldest first."""
        return await self.desk.tickets_of(sender)


def _facts_of(payload: str) -> dict[str, Any]:
    """What a button answers with; nothing where it stands for an intent."""
    told: dict[str, Any] = json.loads(payload.removeprefix("/inform")) if payload.startswith("/inform{") else {}
    return told


@dataclass
class Customer:
    """A customer: says lines, presses buttons, sees replies."""

    shop: Shop
    customer_id: str | None
    sender: str
    channel: str = "rest"
    seen: list[Transcript] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def say(
        self,
        text: str,
        attachments: tuple[Attachment, ...] = (),
        message_id: str = "",
        cards: tuple[Card, ...] = (),
        payload: str | None = None,
    ) -> list[str]:
        """Send a line; the keys of the bot's replies."""
        inbound = Inbound(
            channel=self.channel,
            sender=self.sender,
            message_id=message_id or secrets.token_hex(8),
            text=text,
            customer_id=self.customer_id,
            attachments=attachments,
            cards=cards,
            payload=payload,
        )
        self.seen = await self.shop.spine.answer(inbound, TURN_SECONDS)
        self.said.append(f"> {text}{' [picture]' * len(attachments)}")
        self.said += [f"  {message.text}  {list(message.keys)}" for message in self.seen]
        return self.keys

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards of the last replies, in order."""
        return [card for message in self.seen for card in message.content.get("cards", [])]

    @property
    def chips(self) -> list[str]:
        """The titles of the chips of the last replies."""
        return [chip["title"] for message in self.seen for chip in message.content.get("chips", [])]

    @property
    def transcript(self) -> str:
        """The whole talk so far, for whoever reads why a test failed."""
        return "\n".join(self.said)

    async def go_away(self, minutes: float) -> None:
        """Let the last answer be so much longer ago."""
        async with self.shop.services.database.session() as session:
            mine = Conversation.channel == self.channel, Conversation.sender == self.sender
            for talk in (await session.execute(select(Conversation).where(*mine))).scalars():
                if talk.answered_at:
                    talk.answered_at -= timedelta(minutes=minutes)
            await session.commit()

    async def press(self, values: Mapping[str, Any] | str) -> list[str]:
        """Press the button of the last replies that stands for these facts, or for this payload."""
        issued = await self._issued()
        fitting = (
            button
            for button, payload in issued.items()
            if (payload == values if isinstance(values, str) else values.items() <= _facts_of(payload).items())
        )
        found = next(fitting, None)
        assert found, f"no button {values} among {list(issued.values())}"
        return await self.say(found)

    async def show(self, told: Mapping[str, Any]) -> list[str]:
        """Show a product ({"product": sku}) or an own order ({"order_no": number}); the keys of the bot's replies."""
        services = self.shop.services
        async with services.database.session() as session:
            talk = (await session.execute(open_conversation(self.channel, self.sender))).scalars().first()
            if talk is None:
                talk = Conversation(channel=self.channel, sender=self.sender, created_at=services.clock.now())
                talk.customer_id = self.customer_id
                session.add(talk)
                await session.flush()
            if "product" in told:
                card, text, payload = await shown.product(session, services, {"sku": told["product"], **told})
            else:
                viewer = Viewer(talk.id, self.channel, self.sender, self.customer_id)
                card, text, payload = await shown.order(session, services, viewer, told["order_no"])
            button = IssuedButton(conversation_id=talk.id, title=text, payload=payload or "")
            button.expires_at = services.clock.now() + timedelta(days=1)
            if payload:
                session.add(button)
            await session.commit()
        return await self.say(text, cards=(card,), payload=button.id if payload else None)

    async def choices(self) -> list[dict[str, Any]]:
        """The facts with which the buttons of the last replies answer."""
        return [facts for payload in (await self._issued()).values() if (facts := _facts_of(payload))]

    async def _issued(self) -> dict[str, str]:
        """The payloads of the buttons of the last replies, by the button's id."""
        kinds = ("buttons", "cards", "chips")
        ids = [choice["payload"] for m in self.seen for kind in kinds for choice in m.content.get(kind, [])]
        async with self.shop.services.database.session() as session:
            rows = (await session.execute(select(IssuedButton).where(IssuedButton.id.in_(ids)))).scalars().all()
        payloads = {row.id: row.payload for row in rows}
        return {button: payloads[button] for button in ids if button in payloads}

    @property
    def keys(self) -> list[str]:
        """The keys of the last replies, in order."""
        return [key for message in self.seen for key in message.keys]

    async def conversation(self) -> dict[str, Any]:
        """The conversation as the HTTP interface shows it."""
        return await self.shop.desk.conversation(self.sender)

    async def tickets(self) -> list[dict[str, Any]]:
        """All tickets of this sender."""
        return await self.shop.tickets(self.sender)


@pytest.fixture
def open_shop(engine: Engine, seeded: dict[datetime, Path], tmp_path: Path) -> Callable[[datetime], Shop]:
    """Makes the demo shop at a point in time."""

    def at(now: datetime) -> Shop:
        directory = tmp_path / now.strftime("%H%M%S")
        services = build_services(settings_for(directory, now))
        shutil.copy(seeded[now], directory / "shop.db")
        hub = Hub()
        hub.bind(asyncio.get_event_loop())
        worker = Worker(services, engine, hub)
        return Shop(services, Spine(services, hub, worker.wake), Desk(services, hub), worker)

    return at


@pytest.fixture
def new_shop(engine: Engine, seeded: dict[datetime, Path], tmp_path: Path) -> Callable[[datetime], Shop]:
    """Makes one shop after the other with fresh data; what does not change is built once."""
    built: dict[datetime, Services] = {}

    def at(now: datetime) -> Shop:
        directory = tmp_path / secrets.token_hex(8)
        settings = settings_for(directory, now)
        services = built.setdefault(now, build_services(settings))
        shutil.copy(seeded[now], directory / "shop.db")
        services = replace(services, settings=settings, database=Database(settings.database_url))
        hub = Hub()
        hub.bind(asyncio.get_event_loop())
        worker = Worker(services, engine, hub)
        return Shop(services, Spine(services, hub, worker.wake), Desk(services, hub), worker)

    return at


@pytest.fixture
async def shop(open_shop: Callable[[datetime], Shop]) -> AsyncIterator[Shop]:
    """The demo shop on a working day's afternoon."""
    made = open_shop(NOON)
    yield made
    await made.worker.drain()
    await made.services.database.dispose()
