"""Composes everything, and nothing else does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import socketio
import structlog
from sanic import Sanic

from bot.channels.callback import RestCallback
from bot.channels.desk import DeskChannel
from bot.channels.web import WebChannel
from bot.channels.wechat.bind import wechat_bind
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.route import wechat
from bot.clocks.handlers import handlers, sweeps
from bot.clocks.scheduler import Scheduler
from bot.conversation.hub import Hub
from bot.conversation.outbox import Outbox
from bot.conversation.spine import Spine
from bot.desk.presence import Presence
from bot.desk.quick_replies import QuickReplies
from bot.desk.service import Desk
from bot.desk.sessions import Sessions
from bot.engine.thread import EngineThread
from bot.errors import ShopError
from bot.http.clocks import clocks
from bot.http.console import console
from bot.http.context import House
from bot.http.demo import demo
from bot.http.desk import desk
from bot.http.errors import add_error_handlers
from bot.http.explain import explain
from bot.http.headers import add_security_headers
from bot.http.health import health
from bot.http.limits import Limiter, add_body_limit
from bot.http.pages import pages
from bot.http.promises import promises
from bot.http.rest import rest
from bot.http.session import session
from bot.http.tickets import tickets
from bot.http.uploads import uploads
from bot.identity import Identities
from bot.services import build_services
from bot.settings import Settings

log = structlog.get_logger(__name__)

BODY_BYTES = 21 * 1024 * 1024  # the largest upload and the form around it
TEXTS_SECONDS = 2.0


def build_house(settings: Settings) -> House:
    """All parts of the service, put together; nothing runs yet."""
    services, hub = build_services(settings), Hub()
    engine = EngineThread(services, hub)
    return House(
        services=services,
        hub=hub,
        engine=engine,
        spine=Spine(services, hub, engine.wake),
        desk=Desk(services, hub),
        identities=Identities(settings.identity_secret),
        sessions=Sessions(services),
        presence=Presence(),
        quick_replies=QuickReplies(settings.shop_dir / "quick_replies.yml"),
        sender_limit=Limiter(settings.messages_per_minute),
        address_limit=Limiter(settings.requests_per_minute),
    )


def create_app(settings: Settings) -> Sanic:
    """The service, ready to run on one event loop. The database must have been migrated."""
    house = build_house(settings)
    services, hub, engine = house.services, house.hub, house.engine
    app = Sanic("shop", configure_logging=False)
    app.config.update(
        REQUEST_MAX_SIZE=BODY_BYTES, FALLBACK_ERROR_FORMAT="json", GRACEFUL_SHUTDOWN_TIMEOUT=10.0, KEEP_ALIVE_TIMEOUT=75
    )
    app.ctx.house = house
    add_error_handlers(app)
    add_security_headers(app)
    add_body_limit(app)
    parts = (
        health,
        rest,
        session,
        desk,
        tickets,
        clocks,
        promises,
        console,
        explain,
        uploads,
        demo,
        wechat,
        wechat_bind,
        pages,
    )
    for blueprint in parts:
        app.blueprint(blueprint)
    sockets = socketio.AsyncServer(
        async_mode="sanic", transports=["websocket"], cors_allowed_origins="*", max_http_buffer_size=200_000
    )
    WebChannel(house, sockets)
    desk_channel = DeskChannel(house, sockets)
    sockets.attach(app)
    callback = {"rest": RestCallback(settings.rest_callback_url, settings.service_api_key)}
    pushers: Mapping[str, Any] = callback if settings.rest_callback_url else {}
    outbox = Outbox(services, pushers)
    account = WeChatChannel(house) if settings.wechat_token else None
    app.ctx.wechat = account
    looks = [*sweeps(services, hub, house.desk, house.sessions), *(account.sweeps if account else ())]
    scheduler = Scheduler(services, hub, handlers(hub, house.desk.refunds), looks)

    @app.before_server_start
    async def start(_app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        hub.bind(loop)

        async def new_message(kind: str, _conversation_id: str, _data: dict[str, Any]) -> None:
            if kind == "message":
                outbox.wake()

        hub.listen(new_message)
        await outbox.recover()
        engine.start()
        background = [_reload_texts(house), desk_channel.run(), scheduler.run()]
        background += [outbox.run()] if pushers else []
        if account:
            background += [account.run()]
        app.ctx.background = [asyncio.ensure_future(work) for work in background]

    @app.after_server_stop
    async def stop(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        for task in app.ctx.background:
            task.cancel()
        await engine.stop()
        for pusher in pushers.values():
            await pusher.close()
        if account:
            await account.close()
        await services.database.dispose()

    return app


async def _reload_texts(house: House) -> None:
    """Texts are edited while the service runs; a broken file keeps the old ones."""
    while True:
        await asyncio.sleep(TEXTS_SECONDS)
        try:
            for reload in (house.services.texts.reload, house.quick_replies.reload):
                await asyncio.get_running_loop().run_in_executor(None, reload)
        except (ShopError, OSError, ValueError) as error:
            log.error("texts not reloaded", error=str(error))
