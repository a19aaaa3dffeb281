"""A callback on the protocol's core, with its refusals as HTTP statuses, for those who ask one from outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.envelope import Callback
from bot.errors import RequestError
from tests.wechat.fake import Account


@asynccontextmanager
async def guarded(account: Account, *, safe: bool = True) -> AsyncIterator[str]:
    """Its address."""
    callback = Callback(account.token, MessageCipher(account.aes_key, account.appid) if safe else None)

    async def take(request: web.Request) -> web.Response:
        try:
            if request.method == "GET":
                return web.Response(text=callback.challenge(request.query))
            return web.Response(text=callback.answer(callback.open(request.query, await request.read())))
        except RequestError as error:
            return web.json_response(error.as_json(), status=error.status)

    app = web.Application()
    app.router.add_route("*", "/wechat", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield "http://{}:{}/wechat".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()
