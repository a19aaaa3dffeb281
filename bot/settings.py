"""One typed settings object, read from the environment and `.env`; unset secrets are made once and kept in `var/`."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime
from pathlib import Path

from pydantic import BaseSettings, NonNegativeInt, PositiveFloat, PositiveInt, ValidationError, confloat, validator

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Everything that the environment may change. Durations are seconds."""

    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str = ""
    service_api_key: str = ""
    identity_secret: str = ""
    admin_email: str = "admin@shop.local"
    admin_password: str = ""
    shop_dir: Path = ROOT / "shop"
    var_dir: Path = ROOT / "var"
    models_dir: Path = ROOT / "models"
    fake_now: datetime | None = None
    log_level: str = "info"

    # Lines that arrive within this time are one turn.
    web_burst: confloat(ge=0, le=10) = 1.2  # type: ignore[valid-type]
    turn_timeout: PositiveFloat = 20.0
    action_timeout: PositiveFloat = 8.0
    # Where messages go that no REST request is waiting for.
    rest_callback_url: str = ""
    # Per sender; the REST channel is a trusted server and not limited.
    messages_per_minute: PositiveInt = 60
    # Per address, for paths that strangers can reach.
    requests_per_minute: PositiveInt = 600
    # How many proxies in front of us set X-Forwarded-For.
    trusted_proxies: NonNegativeInt = 0
    max_upload_bytes: int = 8 * 1024 * 1024
    # Of a film or a document.
    max_large_upload_bytes: int = 20 * 1024 * 1024

    class Config:
        env_file = ".env"

    @validator("fake_now")
    def _needs_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("FAKE_NOW needs an offset, such as 2026-03-01T10:00:00+08:00")
        return value

    @property
    def uploads_dir(self) -> Path:
        """Where the files of customers lie."""
        return self.var_dir / "uploads"

    @property
    def is_sqlite(self) -> bool:
        """Whether the default, serverless database is in use."""
        return self.database_url.startswith("sqlite")


def load_settings() -> Settings:
    """Read the settings; raise SettingsError naming what is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors())
        raise SettingsError(wrong) from error
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    if not settings.database_url:
        settings.database_url = f"sqlite+aiosqlite:///{settings.var_dir / 'shop.db'}"
    elif settings.database_url.startswith(("postgres://", "postgresql://")):
        settings.database_url = "postgresql+asyncpg://" + settings.database_url.split("://", 1)[1]
    _fill_secrets(settings)
    return settings


def _fill_secrets(settings: Settings) -> None:
    """Make what is unset once, readable by the owner of the process only."""
    path = settings.var_dir / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    made = False
    for name, length in (("service_api_key", 32), ("identity_secret", 48), ("admin_password", 12)):
        if not getattr(settings, name):
            if name not in kept:
                kept[name], made = secrets.token_urlsafe(length), True
            setattr(settings, name, kept[name])
    if made:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1)
