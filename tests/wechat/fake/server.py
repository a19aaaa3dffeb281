"""The fake as a whole: a server on 127.0.0.1, and the handle by which tests play users."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

from aiohttp import web

from .account import Account
from .api import LARGEST, Api
from .clock import Clock
from .page import Page
from .push import CUT_SECONDS
from .state import ApiCall, Push
from .user import User
from .world import World


class FakeWeChat:
    """`async with FakeWeChat(callback="http://127.0.0.1:8000/wechat") as wechat: user = wechat.user("o-lin")`.

    `cut` is after how many seconds an attempt is cut (5 at the real one); `port` 0 takes a free one; `clock` may be
    one that stands still. `callback` may also be set later, as the service needs to know `address` first.
    """

    def __init__(
        self,
        callback: str = "",
        *,
        account: Account | None = None,
        clock: Clock | None = None,
        cut: float = CUT_SECONDS,
        port: int = 0,
    ) -> None:
        self.account = account or Account()
        self.clock = clock or Clock()
        self.world = World.made(self.account, self.clock, callback, cut)
        self.faults = self.world.faults
        self.desk = self.world.pusher.desk
        self._port = port
        self._page = Page(self.world, self.user, self.jump)
        self._runner: web.AppRunner | None = None
        self._users: dict[str, User] = {}

    async def __aenter__(self) -> FakeWeChat:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Begin to serve."""
        app = web.Application(client_max_size=LARGEST)
        Api(self.world).add_to(app)
        self._page.add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.world.address = f"http://{host}:{port}"
        await self.world.pusher.start()

    async def stop(self) -> None:
        """Serve no more."""
        await self._page.stop()
        await self.world.pusher.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def address(self) -> str:
        """For `WECHAT_API_BASE`."""
        return self.world.address

    @property
    def callback(self) -> str:
        """Where pushes go."""
        return self.world.pusher.callback

    @callback.setter
    def callback(self, address: str) -> None:
        self.world.pusher.callback = address

    @property
    def environment(self) -> Mapping[str, str]:
        """What the service needs in its environment to talk to this fake."""
        account = self.account
        return {
            "WECHAT_TOKEN": account.token,
            "WECHAT_APPID": account.appid,
            "WECHAT_SECRET": account.secret,
            "WECHAT_AES_KEY": account.aes_key if account.mode.value != "plain" else "",
            "WECHAT_API_BASE": self.address,
            "WECHAT_ACCOUNT_KIND": account.kind,
        }

    @property
    def calls(self) -> list[ApiCall]:
        """All calls of the API, oldest first."""
        return self.world.state.calls

    @property
    def pushes(self) -> list[Push]:
        """All pushes, oldest first."""
        return self.world.state.pushes

    @property
    def problems(self) -> list[str]:
        """What was wrong with answers, one line for each attempt; cut attempts count. Empty when all went well."""
        return [
            f"{push.openid} {push.key}, attempt {attempt.number}: {attempt.problem}"
            for push in self.pushes
            for attempt in push.attempts
            if attempt.problem
        ]

    def called(self, path: str) -> list[ApiCall]:
        """The calls of one path."""
        return [call for call in self.calls if call.path == path]

    def user(self, openid: str, nickname: str = "") -> User:
        """The user with that openid; does not follow at first."""
        if openid not in self._users:
            self._users[openid] = User(self.world.state.member(openid, nickname), self.world)
        return self._users[openid]

    async def verify(self) -> str:
        """Check the callback as the set-up page does; empty when it passed, else what is wrong."""
        return await self.world.pusher.verify()

    async def repeat(self, push: Push) -> Push:
        """Push the same once more though it was answered, as the real one does at times."""
        return await self.world.pusher.push(self.world.state.known(push.openid), dict(push.fields))

    async def jump(self, seconds: float) -> None:
        """Let so much time pass at WeChat's, and what it ends come to its end."""
        self.clock.jump(seconds)
        self.desk.tidy(self.world.state.members)
        self.world.state.bell.ring()
        await self.settled()

    async def settled(self) -> None:
        """Wait until events that nobody waits for are out: of sessions, templates, notices."""
        await self.world.pusher.settled()
