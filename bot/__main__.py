"""The command line: `python -m bot --help`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Optional, TypeVar

import typer

from bot import logs
from bot.channels.wechat.command import wechat_app
from bot.errors import BotError
from bot.settings import ROOT, Settings, load_settings

T = TypeVar("T")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # they hold the settings, and those the keys
    help="The shop's customer service.",
)
agent_app = typer.Typer(no_args_is_help=True, help="Accounts of the people who answer.")
policy_app = typer.Typer(no_args_is_help=True, help="What the shop's rules allow.")
app.add_typer(agent_app, name="agent")
app.add_typer(policy_app, name="policy")
app.add_typer(wechat_app, name="wechat")


def _settings() -> Settings:
    settings = load_settings()
    logs.configure(settings.log_level)
    return settings


@app.command()
def serve(
    host: Optional[str] = typer.Option(None, help="address to listen on"),
    port: Optional[int] = typer.Option(None, help="port to listen on"),
    workers: int = typer.Option(1, help="processes; this version serves with one"),
) -> None:
    """Serve. SIGTERM lets running turns end, then stops."""
    if workers != 1:
        raise typer.BadParameter("this version serves with one process")
    settings = _settings()
    from bot.app import create_app
    from bot.prepare import prepare_database
    from bot.services import build_services

    if prepare_database(build_services(settings)):
        typer.echo(f"Console account: {settings.admin_email} / {settings.admin_password}", err=True)
    at = (host or settings.host, port or settings.port)
    typer.echo(f"http://{at[0]}:{at[1]}", err=True)
    service = create_app(settings)
    service.run(host=at[0], port=at[1], access_log=False, motd=False, debug=False)
    if service.ctx.house.engine.failure:
        raise typer.Exit(1)


@app.command()
def train() -> None:
    """Train the model, unless one of the same data is there."""
    settings = _settings()
    from bot.nlu.training import train as train_model

    typer.echo(train_model(ROOT, settings.models_dir, lambda line: typer.echo(line, err=True)))


@app.command()
def seed(
    reset: bool = typer.Option(False, "--reset", help="forget the demo customers' conversations and begin anew"),
) -> None:
    """Migrate the database and load the shop's data."""
    settings = _settings()
    from bot.prepare import prepare_shop, reseed
    from bot.services import build_services

    prepare_shop(build_services(settings))
    if reset and not reseed(build_services(settings)):
        raise typer.BadParameter("the demo shop is not loaded")


@app.command()
def parse() -> None:
    """JSON lines {"text"} on stdin; intent, ranking and entities as JSON lines on stdout."""
    settings = _settings()
    from bot.nlu.parse import parse_lines

    for line in parse_lines(settings.models_dir, sys.stdin):
        sys.stdout.write(line + "\n")


@app.command()
def evaluate(file: Path, out: Path = typer.Option(Path("results"), help="where the report goes")) -> None:
    """Measure the model on labelled messages: rows {"text", "intent", "accept", "sample"}, the last two optional."""
    settings = _settings()
    from bot.nlu.evaluate import evaluate as measure
    from bot.nlu.evaluate import read_rows
    from bot.nlu.figures import Prediction
    from bot.nlu.model import NluModel
    from bot.nlu.report import report

    model = NluModel(settings.models_dir)

    def understand(text: str) -> Prediction:
        guess = model.parse(text)["intent"]
        return Prediction(guess["name"], guess["confidence"])

    typer.echo(report(measure(read_rows(file), understand, out)))
    typer.echo(f"{out / 'report.md'}", err=True)


@app.command()
def explain(text: str, as_json: bool = typer.Option(False, "--json", help="for programs")) -> None:
    """Why a message is understood as it is."""
    settings = _settings()
    from bot.engine.engine import overruled
    from bot.explained import show_explanation
    from bot.nlu.model import NluModel
    from bot.services import build_services

    explained = overruled(NluModel(settings.models_dir).explain(text), build_services(settings))
    if as_json:
        typer.echo(json.dumps(explained, ensure_ascii=False))
    else:
        show_explanation(explained)


@app.command()
def chat(
    customer: str = typer.Option("cust-001", help="who speaks; empty for an unknown visitor"),
    server: str = typer.Option("", help="address of the running service"),
) -> None:
    """Talk to the running service in the terminal."""
    settings = _settings()
    from bot.terminal import talk

    asyncio.run(talk(server or f"http://127.0.0.1:{settings.port}", settings.service_api_key, customer))


@agent_app.command("add")
def agent_add(
    email: str,
    name: str = typer.Option(..., help="as customers see it"),
    role: str = typer.Option("agent", help="agent, supervisor or admin"),
    password: str = typer.Option(..., prompt=True, hide_input=True, confirmation_prompt=True),
) -> None:
    """Create an account."""
    from bot.desk import accounts

    _on_accounts(lambda session, now: accounts.add(session, email, name, password, role, now))


@agent_app.command("list")
def agent_list() -> None:
    """Show all accounts."""
    from bot.desk import accounts

    for account in _on_accounts(lambda session, _now: accounts.everybody(session)):
        typer.echo(f"{account.id:03d}\t{account.role}\t{account.email}\t{account.name}")


@agent_app.command("password")
def agent_password(
    email: str,
    password: str = typer.Option(..., prompt=True, hide_input=True, confirmation_prompt=True),
) -> None:
    """Give an account another password and log it out everywhere."""
    from bot.desk import accounts, sessions

    async def work(session: Any, _now: datetime) -> None:
        account = await accounts.set_password(session, email, password)
        await sessions.end_all_of(session, account.id)

    _on_accounts(work)


def _on_accounts(work: Callable[[Any, datetime], Awaitable[T]]) -> T:
    """Do something with accounts, as one unit of work."""
    settings = _settings()
    from bot.services import build_services

    async def whole() -> T:
        services = build_services(settings)
        async with services.database.session() as session:
            result = await work(session, services.clock.now())
            await session.commit()
        await services.database.dispose()
        return result

    return asyncio.run(whole())


@policy_app.command("explain")
def policy_explain(
    order: str,
    cause: str = typer.Option(..., help="damaged, wrong, missing, gift_missing, quality, no_reason, …"),
    as_json: bool = typer.Option(False, "--json", help="for programs"),
) -> None:
    """What the rules allow for an order."""
    settings = _settings()
    from bot.orders.explain import explain_order
    from bot.prepare import prepare_shop
    from bot.services import build_services

    services = build_services(settings)
    prepare_shop(services)
    shown = asyncio.run(explain_order(services, order, cause))
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=None if as_json else 1))


def main() -> None:
    """Run a command; an error of ours is one line, not a trace."""
    try:
        app()
    except BotError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
