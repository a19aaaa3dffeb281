"""What the page can make users, and WeChat itself, do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .state import TEXTS
from .user import User
from .world import World

Asked = Mapping[str, Any]
DELAY_SECONDS = 5.0


class Actions:
    """One method for each action; what it returns is told on the page."""

    def __init__(
        self, world: World, user: Callable[[str, str], User], jump: Callable[[float], Awaitable[None]]
    ) -> None:
        self._world = world
        self._user = user
        self._jump = jump
        self._desk = world.pusher.desk
        self._of_user: dict[str, Callable[[User, Asked], Awaitable[object]]] = {
            "say": lambda user, asked: user.says(str(asked["text"])),
            "follow": lambda user, asked: user.follow(),
            "unfollow": lambda user, asked: user.unfollow(),
            "click": lambda user, asked: user.clicks(str(asked["key"])),
            "view": lambda user, asked: user.views(str(asked["url"])),
            "choose": lambda user, asked: user.chooses(str(asked["which"])),
            "scan": lambda user, asked: user.scans(str(asked["ticket"])),
            "notice": lambda user, asked: user.allows_notice(str(asked["template"])),
            "voice": lambda user, asked: user.sends_voice(),
            "picture": lambda user, asked: user.sends_picture(asked["content"]),
            "video": lambda user, asked: user.sends_video(asked["content"]),
            "link": lambda user, asked: user.sends_link(str(asked["title"]), str(asked["url"])),
            "location": lambda user, asked: user.sends_location(
                float(asked["latitude"]), float(asked["longitude"]), str(asked["label"])
            ),
        }
        self._of_wechat: dict[str, Callable[[Asked], Awaitable[str]]] = {
            "jump": self._jumps,
            "verify": self._verify,
            "fault": self._fault,
            "accept": self._accept,
            "close": self._close,
            "desk_say": self._desk_say,
        }

    async def run(self, asked: Asked) -> str:
        """Do what is asked. Raises whatever is wrong with it."""
        name = str(asked.get("act", ""))
        if name in self._of_wechat:
            return await self._of_wechat[name](asked)
        openid = str(asked.get("user", ""))
        if name not in self._of_user or openid not in self._world.state.members:
            raise LookupError(f"no action {name} of {openid}")
        await self._of_user[name](self._user(openid, ""), asked)
        return ""

    async def _jumps(self, asked: Asked) -> str:
        await self._jump(float(asked["seconds"]))
        return ""

    async def _verify(self, asked: Asked) -> str:
        return await self._world.pusher.verify() or TEXTS["verified"]

    async def _fault(self, asked: Asked) -> str:
        faults, path, kind = self._world.faults, str(asked["path"]), str(asked["kind"])
        if kind == "errcode":
            faults.fail(path, int(asked["errcode"]))
        elif kind == "delay":
            faults.delay(path, DELAY_SECONDS)
        elif kind == "status":
            faults.status(path)
        elif kind == "garbage":
            faults.garbage(path)
        elif kind == "lose_answer":
            faults.lose_answer(path)
        else:
            faults.lose_request(path)
        return ""

    async def _accept(self, asked: Asked) -> str:
        self._desk.begin(self._world.state.known(asked["user"]), str(asked["account"]))
        return ""

    async def _close(self, asked: Asked) -> str:
        self._desk.end(self._world.state.known(asked["user"]))
        return ""

    async def _desk_say(self, asked: Asked) -> str:
        self._desk.says(self._world.state.known(asked["user"]), str(asked["text"]))
        return ""
