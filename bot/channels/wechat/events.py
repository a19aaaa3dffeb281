"""Events: what customers do, and what WeChat reports of its own.

Sources, under https://developers.weixin.qq.com/doc/service/guide/product/: message/Receiving_event_pushes (follow,
scan, place), the pages on custom menus, template messages and subscription_messages/push, the one on sessions of 客服;
for 微信客服 https://developer.work.weixin.qq.com/document/path/94670.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.channels.wechat.fields import by, decimal, needed, text, texts, whole, whole_in
from bot.channels.wechat.push import Push
from bot.channels.wechat.xml import Node

SCENE_PREFIX = "qrscene_"
DETAILS = ("EventKey", "MsgID", "KfAccount", "ToKfAccount", "OpenKfId", "SubscribeMsgSentEvent/List/MsgID")
"""What tells two events of a kind apart that the same customer caused in the same second."""


def _detail(node: Node) -> str:
    return next((told for told in map(node.get, DETAILS) if told), "")


def _scene(node: Node) -> str | None:
    """The scene of the QR code by which somebody came to follow; other ways have other keys."""
    key = node.get("EventKey") or ""
    return key[len(SCENE_PREFIX) :] or None if key.startswith(SCENE_PREFIX) else None


@dataclass(frozen=True, kw_only=True)
class Event(Push):
    """What all events have."""

    event_key: str | None = text("EventKey")
    detail: str = by(_detail)

    @property
    def dedup_key(self) -> tuple[str, ...]:
        """Receiver, sender, second, event, and what tells it from others of that second."""
        return self.to, self.sender or "", str(self.created_at), self.kind, self.detail


@dataclass(frozen=True, kw_only=True)
class Subscribe(Event):
    """Somebody follows; `scene` where a QR code of ours led there."""

    scene: str | None = by(_scene)
    ticket: str | None = text("Ticket")


@dataclass(frozen=True, kw_only=True)
class Unsubscribe(Event):
    """Somebody follows no more: never answer, never send."""


@dataclass(frozen=True, kw_only=True)
class Scan(Event):
    """A follower scanned a QR code of ours."""

    scene: str | None = text("EventKey")
    ticket: str | None = text("Ticket")


@dataclass(frozen=True, kw_only=True)
class LocationReport(Event):
    """Where a follower is, in degrees; may come every 5 s."""

    latitude: float = decimal("Latitude")
    longitude: float = decimal("Longitude")
    precision: float = decimal("Precision")


@dataclass(frozen=True, kw_only=True)
class Click(Event):
    """A menu item was pressed; `event_key` is ours."""


@dataclass(frozen=True, kw_only=True)
class View(Event):
    """A menu item that opens a page or a mini program was pressed; `event_key`: its address. Gives no right to send."""

    menu_id: str | None = text("MenuId")


@dataclass(frozen=True, kw_only=True)
class ScanCode(Event):
    """A code was scanned from the menu. After scancode_waitmsg the customer sees that an answer is awaited."""

    scan_type: str | None = text("ScanCodeInfo/ScanType")
    scan_result: str | None = text("ScanCodeInfo/ScanResult")


@dataclass(frozen=True, kw_only=True)
class Pictures(Event):
    """Pictures were sent from the menu; each comes as a message of its own besides."""

    count: int | None = whole("SendPicsInfo/Count")
    checksums: tuple[str, ...] = texts("SendPicsInfo/PicList/item/PicMd5Sum")


@dataclass(frozen=True, kw_only=True)
class LocationSelect(Event):
    """A place was chosen from the menu, in degrees."""

    latitude: float = decimal("SendLocationInfo/Location_X")
    longitude: float = decimal("SendLocationInfo/Location_Y")
    scale: int | None = whole("SendLocationInfo/Scale")
    label: str | None = text("SendLocationInfo/Label")
    name: str | None = text("SendLocationInfo/Poiname")


@dataclass(frozen=True, kw_only=True)
class JobFinished(Event):
    """What became of a template message or a mass message; `status`: "success", or "failed…" and why."""

    msg_id: str = needed("MsgID")
    status: str = needed("Status")


class Answer(NamedTuple):
    """What a customer said to a template of subscription messages."""

    template_id: str
    status: str


class Outcome(NamedTuple):
    """What became of a subscription message; `error_code` is 0 where it arrived."""

    template_id: str
    msg_id: str
    error_code: int | None
    error_status: str


def _answers(node: Node) -> tuple[Answer, ...]:
    lists = (found for name in ("Popup", "Change") for found in node.all(f"SubscribeMsg{name}Event/List"))
    return tuple(Answer(each.get("TemplateId") or "", each.get("SubscribeStatusString") or "") for each in lists)


def _outcomes(node: Node) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            each.get("TemplateId") or "",
            each.get("MsgID") or "",
            whole_in(each.get("ErrorCode")),
            each.get("ErrorStatus") or "",
        )
        for each in node.all("SubscribeMsgSentEvent/List")
    )


@dataclass(frozen=True, kw_only=True)
class SubscriptionAnswered(Event):
    """A customer took or refused subscription messages, in the pop-up or later in the settings."""

    answers: tuple[Answer, ...] = by(_answers)

    @property
    def accepted(self) -> tuple[str, ...]:
        """The templates that may be sent."""
        return tuple(answer.template_id for answer in self.answers if answer.status == "accept")

    @property
    def rejected(self) -> tuple[str, ...]:
        """The templates that may not."""
        return tuple(answer.template_id for answer in self.answers if answer.status == "reject")


@dataclass(frozen=True, kw_only=True)
class SubscriptionSent(Event):
    """What became of subscription messages."""

    outcomes: tuple[Outcome, ...] = by(_outcomes)


@dataclass(frozen=True, kw_only=True)
class KfSession(Event):
    """A session with a person of WeChat's own 客服 began or ended: `kind` tells which."""

    kf_account: str = needed("KfAccount")


@dataclass(frozen=True, kw_only=True)
class KfSwitched(Event):
    """A session went from one person to another."""

    from_kf_account: str = needed("FromKfAccount")
    to_kf_account: str = needed("ToKfAccount")


@dataclass(frozen=True, kw_only=True)
class KfWakeUp(Event):
    """微信客服 has news: fetch them with the token. Each is a wake-up: not to be deduplicated."""

    token: str = needed("Token")
    open_kfid: str = needed("OpenKfId")


@dataclass(frozen=True, kw_only=True)
class UnknownEvent(Event):
    """Of a kind that is not known here, or without what its kind needs; `told`: its fields as they came."""

    told: tuple[tuple[str, str], ...] = ()


WAKE_UP = "kf_msg_or_event"
EVENTS: Mapping[str, type[Event]] = {
    "subscribe": Subscribe,
    "unsubscribe": Unsubscribe,
    "SCAN": Scan,
    "LOCATION": LocationReport,
    "CLICK": Click,
    "VIEW": View,
    "view_miniprogram": View,
    "scancode_push": ScanCode,
    "scancode_waitmsg": ScanCode,
    "pic_sysphoto": Pictures,
    "pic_photo_or_album": Pictures,
    "pic_weixin": Pictures,
    "location_select": LocationSelect,
    "TEMPLATESENDJOBFINISH": JobFinished,
    "MASSSENDJOBFINISH": JobFinished,
    "subscribe_msg_popup_event": SubscriptionAnswered,
    "subscribe_msg_change_event": SubscriptionAnswered,
    "subscribe_msg_sent_event": SubscriptionSent,
    "kf_create_session": KfSession,
    "kf_close_session": KfSession,
    "kf_switch_session": KfSwitched,
    WAKE_UP: KfWakeUp,
}
