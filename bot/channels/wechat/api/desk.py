"""WeChat's own desk (客服): who is there, who serves whom, sessions begun and ended.

Source: https://developers.weixin.qq.com/doc/service/api/customer/ (servicer and session).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.channels.wechat.api.client import Client
from bot.channels.wechat.api.errors import Refusal

LIST, ONLINE = "/cgi-bin/customservice/getkflist", "/cgi-bin/customservice/getonlinekflist"
CREATE, CLOSE = "/customservice/kfsession/create", "/customservice/kfsession/close"
SESSION = "/customservice/kfsession/getsession"
NO_SESSION = 61451


class Begun(str, Enum):
    """What became of the wish to hand a customer to a person."""

    BEGUN = "begun"
    SERVED_ALREADY = "served_already"  # by somebody else
    OFFLINE = "offline"
    NO_SUCH_PERSON = "no_such_person"


_WHY_NOT = {61458: Begun.SERVED_ALREADY, 61459: Begun.OFFLINE, 61452: Begun.NO_SUCH_PERSON}


@dataclass(frozen=True)
class Servicer:
    """A person of the desk. `sessions`: how many they serve, where they are online."""

    account: str
    name: str = ""
    sessions: int = 0


class WeChatDesk:
    """The desk of the account. All raise WeChatError and DeliveryUnknown."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def staff(self) -> list[Servicer]:
        """All persons."""
        told = await self._client.get(LIST)
        return [Servicer(each["kf_account"], each.get("kf_nick", "")) for each in told.get("kf_list", ())]

    async def online(self) -> list[Servicer]:
        """Those who are there now, the least busy first: hand nobody over when there is none."""
        told = await self._client.get(ONLINE)
        here = [
            Servicer(each["kf_account"], sessions=int(each.get("accepted_case", 0)))
            for each in told.get("kf_online_list", ())
            if each.get("status")
        ]
        return sorted(here, key=lambda servicer: servicer.sessions)

    async def begin(self, openid: str, account: str) -> Begun:
        """Hand a customer to a person; from then on WeChat sends that customer's messages to the desk."""
        try:
            await self._client.post(CREATE, {"kf_account": account, "openid": openid})
        except Refusal as refusal:
            why_not = _WHY_NOT.get(refusal.errcode)
            if why_not is None:
                raise
            return why_not
        return Begun.BEGUN

    async def end(self, openid: str, account: str) -> bool:
        """Give a customer back to the bot; False where there was no such session."""
        try:
            await self._client.post(CLOSE, {"kf_account": account, "openid": openid})
        except Refusal as refusal:
            if refusal.errcode in (NO_SESSION, 61452):
                return False
            raise
        return True

    async def serves(self, openid: str) -> str:
        """The person who serves a customer now; empty for nobody."""
        return str((await self._client.get(SESSION, openid=openid)).get("kf_account", ""))
