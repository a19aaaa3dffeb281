"""One typed settings object, read from the environment and `.env`; unset secrets are made once and kept in `var/`."""

from __future__ import annotations

import json
import os
import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseSettings, NonNegativeInt, PositiveFloat, PositiveInt, ValidationError, confloat, validator

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
WECHAT_API = "https://api.weixin.qq.com"


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
    turn_timeout: PositiveFloat = 30.0
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

    # The official account. Without a token the channel is off, without a key its messages come unencrypted.
    wechat_token: str = ""
    wechat_appid: str = ""
    wechat_secret: str = ""
    wechat_aes_key: str = ""
    wechat_api_base: str = WECHAT_API
    # What it may do: without verification no customer-service messages, as a subscription account no templates.
    wechat_account_kind: Literal["verified_service", "verified_subscription", "unverified"] = "verified_service"
    # Where browsers reach the service, such as https://kefu.example.com; empty: as each request names it.
    public_url: str = ""
    # So long an answer may go back with the request that asked; WeChat cuts it after 5 s.
    wechat_patience: confloat(gt=0, lt=5) = 4.5  # type: ignore[valid-type]
    # Where customers meet people: in our console, or at WeChat's own desk.
    wechat_handoff: Literal["console", "wechat"] = "console"

    class Config:
        env_file = ".env"

    @validator("fake_now")
    def _needs_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("FAKE_NOW needs an offset, such as 2026-03-01T10:00:00+08:00")
        return value

    @validator("wechat_token", "wechat_appid", "wechat_secret", "wechat_aes_key", "wechat_api_base", pre=True)
    def _stripped(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @validator("wechat_token", "wechat_appid", "wechat_secret")
    def _one_word(cls, value: str) -> str:
        if not re.fullmatch(r"[!-~]{0,128}", value):
            raise ValueError("letters and digits without blanks, as the account's page of basic settings shows them")
        return value

    @validator("wechat_aes_key")
    def _whole_key(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9+/]{43}", value):
            raise ValueError(f"EncodingAESKey has exactly 43 letters and digits, not these {len(value)} characters")
        return value

    @validator("wechat_api_base")
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+(?:/[^\s?#]*)?", value):
            raise ValueError(f"an address such as {WECHAT_API}")
        return value.rstrip("/") or WECHAT_API

    @validator("public_url")
    def _origin(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+/?", value):
            raise ValueError("an address without a path, such as https://kefu.example.com")
        return value.rstrip("/")

    @validator("wechat_aes_key")
    def _for_an_account(cls, value: str, values: dict[str, Any]) -> str:
        if value and values.get("wechat_token") and not values.get("wechat_appid", "no valid one"):
            raise ValueError("needs WECHAT_APPID too, which tells that a message is meant for this account")
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
