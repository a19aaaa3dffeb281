"""A WeChat user whom a test, or somebody at the page, plays."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .media import format_of
from .state import TEXTS, Member, Push, Shown
from .world import World

Predicate = Callable[[Shown], bool]
SILENT_VOICE = b"#!AMR\n" + bytes([0x3C] + [0] * 31) * 50


class User:
    """What a user can do, and what they see.

    Each action comes back when its push has ended, whichever way: answered, or after the last attempt. It gives the
    push, or None when WeChat's own desk has taken the message.
    """

    def __init__(self, member: Member, world: World) -> None:
        self.member = member
        self._world = world
        self._looked_at = 0

    @property
    def openid(self) -> str:
        """Who it is."""
        return self.member.openid

    @property
    def screen(self) -> list[Shown]:
        """All that has come from the account, oldest first."""
        return [shown for shown in self.member.history if shown.kind != "own"]

    @property
    def new(self) -> list[Shown]:
        """What has come since the user's last own action began."""
        return [shown for shown in self.member.history[self._looked_at :] if shown.kind != "own"]

    @property
    def typing(self) -> bool:
        """Whether the account is shown as typing."""
        return self._world.clock.now() < self.member.typing_until

    async def sees(self, what: str | Predicate, timeout: float = 10.0, *, anew: bool = True) -> Shown:
        """Wait for something on the screen: a part of its text, or what a function says of it.

        `anew`: only what has come since the last own action. Raises `AssertionError` with what is there instead.
        """
        found: Predicate = (lambda shown: what in shown.text) if isinstance(what, str) else what
        until = time.monotonic() + timeout
        while True:
            match = next((shown for shown in (self.new if anew else self.screen) if found(shown)), None)
            if match is not None:
                return match
            if not await self.member.bell.wait(max(until - time.monotonic(), 0.0)):
                seen = [(shown.kind, shown.text) for shown in self.screen]
                raise AssertionError(f"{self.openid} does not see {what} within {timeout:g} s, but {seen}")

    async def follow(self, scene: str = "", ticket: str = "") -> Push:
        """Follow the account, perhaps by a QR code with a scene."""
        self._act()
        self.member.follows = True
        self.member.grants.after_action(self._world.clock.now())
        key = {"EventKey": f"qrscene_{scene}", "Ticket": ticket} if scene else {"EventKey": ""}
        return await self._event({"Event": "subscribe", **key})

    async def unfollow(self) -> Push:
        """Leave; nothing can be sent any more."""
        self._act()
        self.member.follows = False
        self.member.grants.withdraw()
        return await self._event({"Event": "unsubscribe", "EventKey": ""})

    async def says(self, text: str, *, msg_id: str = "") -> Push | None:
        """Write a text. `msg_id` forces a MsgId, as it may collide between users."""
        return await self._message("text", text, {"Content": text}, msg_id=msg_id)

    async def sends_picture(self, picture: Path | bytes, *, msg_id: str = "") -> Push | None:
        """Send a picture."""
        medium = self._world.media.keep("image", _content(picture))
        fields = {"PicUrl": self._address(medium.media_id), "MediaId": medium.media_id}
        return await self._message("image", "", fields, msg_id=msg_id)

    async def sends_voice(self, voice: Path | bytes = SILENT_VOICE) -> Push | None:
        """Speak; WeChat recognises nothing any more."""
        content = _content(voice)
        medium, fine = self._world.media.keep("voice", content), self._world.media.keep("voice", content)
        kind = "amr" if format_of(content) != "audio/mpeg" else "mp3"
        fields = {"MediaId": medium.media_id, "Format": kind, "MediaId16K": fine.media_id}
        return await self._message("voice", "", fields)

    async def sends_video(self, video: Path | bytes, *, short: bool = False) -> Push | None:
        """Send a video."""
        medium, thumb = self._world.media.keep("video", _content(video)), self._world.media.keep("thumb", b"")
        fields = {"MediaId": medium.media_id, "ThumbMediaId": thumb.media_id}
        return await self._message("shortvideo" if short else "video", "", fields)

    async def sends_location(self, latitude: float, longitude: float, label: str = "", scale: int = 20) -> Push | None:
        """Send a place."""
        fields = {"Location_X": latitude, "Location_Y": longitude, "Scale": scale, "Label": label}
        return await self._message("location", label, fields)

    async def sends_link(self, title: str, url: str, description: str = "") -> Push | None:
        """Send a web page."""
        return await self._message("link", title, {"Title": title, "Description": description, "Url": url})

    async def sends_card(self, title: str, appid: str, path: str) -> Push | None:
        """Send a card of a mini program."""
        thumb = self._world.media.keep("image", b"")
        fields = {"Title": title, "AppId": appid, "PagePath": path, "ThumbUrl": self._address(thumb.media_id)}
        return await self._message("miniprogrampage", title, {**fields, "ThumbMediaId": thumb.media_id})

    async def clicks(self, key: str) -> Push:
        """Press a button of the menu that has a key. Raises `LookupError` when the menu has none such."""
        if not self._world.menu.has(key=key):
            raise LookupError(f"no button {key} in the menu")
        self._act()
        self.member.grants.after_action(self._world.clock.now())
        return await self._event({"Event": "CLICK", "EventKey": key}, shows=True)

    async def views(self, url: str) -> Push:
        """Press a button of the menu that opens a page; it gives the account no right to answer."""
        if not self._world.menu.has(url=url):
            raise LookupError(f"no button for {url} in the menu")
        return await self._event({"Event": "VIEW", "EventKey": url})

    async def scans(self, ticket: str) -> Push | None:
        """Scan a code that the account made: follows, or tells which scene. None when the code is no longer good."""
        code = self._world.codes.scanned(ticket)
        if code is None:
            now = self._world.clock.now()
            self.member.see(Shown("system", "text", TEXTS["code_expired"], now))
            return None
        if not self.member.follows:
            return await self.follow(code.scene, ticket)
        self._act()
        self.member.grants.after_action(self._world.clock.now())
        return await self._event({"Event": "SCAN", "EventKey": code.scene, "Ticket": ticket}, shows=True)

    async def chooses(self, which: str) -> Push | None:
        """Press an item of the latest menu message, by its id or what it says. Counts as a click, not as a message."""
        menus = [shown for shown in self.screen if shown.type == "msgmenu"]
        items: list[Mapping[str, Any]] = menus[-1].content["list"] if menus else []
        item = next((each for each in items if which in (str(each["id"]), each["content"])), None)
        if item is None:
            raise LookupError(f"no {which} among {items}")
        fields = {"Content": item["content"], "bizmsgmenuid": str(item["id"])}
        return await self._message("text", str(item["content"]), fields, click=True)

    async def reports_location(self, latitude: float, longitude: float) -> Push:
        """Be located when the chat is opened, as accounts may ask for."""
        return await self._event({"Event": "LOCATION", "Latitude": latitude, "Longitude": longitude, "Precision": 40.0})

    async def allows_notice(self, template: str, *, refuses: bool = False) -> Push:
        """Allow one notice of a template in a dialogue on a page of the account, or refuse it."""
        if not refuses:
            self.member.permits[template] += 1
        answer = "reject" if refuses else "accept"
        choice = {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": 2}
        event = "subscribe_msg_popup_event"
        return await self._event({"Event": event, "SubscribeMsgPopupEvent": {"List": choice}})

    async def causes(self, event: str, fields: Mapping[str, Any] | None = None, *, shows: bool = False) -> Push:
        """Any other event, such as `scancode_waitmsg` or one that nobody has heard of."""
        self._act()
        if event.startswith("scancode_"):
            self.member.grants.after_action(self._world.clock.now())
        return await self._event({"Event": event, **(fields or {})}, shows=shows)

    def authorises(self, query: Mapping[str, str]) -> str:
        """Open a page of `/connect/oauth2/authorize`; the address to which it leads. Raises `Refused`."""
        self._world.oauth.check_page(query)
        return self._world.oauth.back(query, self.openid)

    async def _message(
        self, kind: str, text: str, fields: Mapping[str, Any], *, msg_id: str = "", click: bool = False
    ) -> Push | None:
        if not self.member.follows:
            raise RuntimeError(f"{self.openid}: {TEXTS['not_following']}")
        self._act()
        now = self._world.clock.now()
        grant = self.member.grants.after_action if click else self.member.grants.after_message
        grant(now)
        self.member.see(Shown("own", kind, text, now, dict(fields)))
        return await self._world.pusher.message(self.member, {"MsgType": kind, **fields}, msg_id)

    async def _event(self, fields: Mapping[str, Any], *, shows: bool = False) -> Push:
        return await self._world.pusher.event(self.member, fields, shows=shows or fields["Event"] == "subscribe")

    def _act(self) -> None:
        self._looked_at = len(self.member.history)
        self.member.acted_at = self._world.clock.now()

    def _address(self, media_id: str) -> str:
        return f"{self._world.address}/mmbiz/{media_id}"


def _content(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()
