"""`python -m bot wechat …`: checks the official account's set-up and pushes its menu. Fails with exit code 1."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer
import yaml

from bot import logs
from bot.errors import SettingsError, ShopError
from bot.settings import ROOT, Settings, load_settings
from bot.texts import Texts

if TYPE_CHECKING:
    from bot.channels.wechat.api.official import OfficialAccount
    from bot.channels.wechat.check import Finding

T = TypeVar("T")
LOCALES = Path(__file__).parent / "locales"
"""What is said to whoever sets the account up: not to customers, so it does not stand among the shop's texts."""

wechat_app = typer.Typer(no_args_is_help=True, help="The WeChat official account.")
menu_app = typer.Typer(no_args_is_help=True, help="The menu below the chat, shop/wechat_menu.yml.")
wechat_app.add_typer(menu_app, name="menu")


@wechat_app.command()
def check(
    url: str = typer.Option("", help="the callback's address; the service on this machine unless given"),
    callback: bool = typer.Option(True, help="ask the callback too; it must be running"),
) -> None:
    """Check keys, access to the API and the callback; what is to be mended stands behind a cross."""
    settings, texts = _set_up()
    from bot.channels.wechat import check as checks
    from bot.channels.wechat.probe import Probe

    async def everything() -> list[Finding]:
        found = list(checks.of_settings(settings))
        if settings.wechat_appid and settings.wechat_secret:
            found.append(await checks.of_api(settings))
        if callback:
            found += await Probe(settings, url or f"http://{settings.host}:{settings.port}/wechat").run()
        return found

    findings = asyncio.run(everything())
    wrong = sum(finding.level is checks.Level.WRONG for finding in findings)
    _show(texts, *findings)
    if wrong:
        typer.echo(texts.label("wechat_setup_to_mend", count=wrong))
        raise typer.Exit(1)
    typer.echo(texts.label("wechat_setup_done"))


@menu_app.command()
def push() -> None:
    """Replace the account's menu by that of the file."""
    settings, texts = _set_up()
    from bot.channels.wechat.api.menu import load
    from bot.channels.wechat.check import fine, wrong

    try:
        menu = load(settings.shop_dir, _intents())
    except ShopError as error:
        _show(texts, wrong("wechat_menu_wrong", what=error))
        raise typer.Exit(1) from error
    _on_account(settings, texts, lambda official: official.menu.push(menu))
    _show(texts, fine("wechat_menu_pushed", names=", ".join(button["name"] for button in menu.buttons)))


@menu_app.command()
def show() -> None:
    """Show the menu that the account has now."""
    settings, texts = _set_up()
    buttons = _on_account(settings, texts, lambda official: official.menu.shown())
    typer.echo(yaml.safe_dump(buttons, allow_unicode=True) if buttons else texts.label("wechat_menu_none"))


@menu_app.command()
def delete() -> None:
    """Take the menu away."""
    settings, texts = _set_up()
    from bot.channels.wechat.check import fine

    _on_account(settings, texts, lambda official: official.menu.remove())
    _show(texts, fine("wechat_menu_removed"))


def _set_up() -> tuple[Settings, Texts]:
    """The settings; ends the command with what is wrong where the channel is off or a key cannot be right."""
    from bot.channels.wechat.check import of_wrong_settings, wrong

    texts = Texts(LOCALES, {})
    try:
        settings = load_settings()
    except SettingsError as error:
        found = of_wrong_settings(error)
        if not found:
            raise
        _show(texts, *found)
        raise typer.Exit(1) from error
    logs.configure(settings.log_level)
    if not settings.wechat_token:
        _show(texts, wrong("wechat_setup_off"))
        raise typer.Exit(1)
    return settings, texts


def _on_account(settings: Settings, texts: Texts, work: Callable[[OfficialAccount], Awaitable[T]]) -> T:
    """Do something with the account; ends the command with what is wrong where that fails."""
    from bot.channels.wechat.api.official import open_account
    from bot.channels.wechat.check import of_error
    from bot.conversation.outbox import DeliveryUnknown, NotDelivered
    from bot.store.database import Database, migrate

    async def whole() -> T:
        database = Database(settings.database_url)
        official = open_account(settings, database)
        try:
            return await work(official)
        finally:
            await official.close()
            await database.dispose()

    migrate(settings.database_url)
    try:
        return asyncio.run(whole())
    except (NotDelivered, DeliveryUnknown) as error:
        _show(texts, of_error(error, settings.wechat_api_base))
        raise typer.Exit(1) from error


def _show(texts: Texts, *findings: Finding) -> None:
    for finding in findings:
        typer.echo(f"{finding.level.value} {texts.label(finding.key, **finding.fields)}")


def _intents() -> frozenset[str]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return frozenset(name if isinstance(name, str) else next(iter(name)) for name in domain["intents"])
