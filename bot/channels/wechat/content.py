"""A reply of the house as messages of WeChat, and what a customer chose from one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels import plain
from bot.channels.wechat import messages
from bot.channels.wechat.outgoing import Menu, MenuItem, News, Text
from bot.channels.wechat.split import split
from bot.model import BUTTON_ID, Card

UNSAFE = re.compile("[\\x00- \"'<>]")
"""What ends the address of a link; WeChat reads `&` as it stands."""

Link = Callable[[Card], str]
"""The address of a page about a card; empty where there is none."""


@dataclass(frozen=True)
class Media:
    """A file that must be uploaded first: its address or upload id, its media type ("image/png"), its name."""

    source: str
    type: str = "image"
    name: str = ""


Content = Text | News | Menu | Media


@dataclass(frozen=True)
class Ways:
    """What may be used beside plain text. All but texts cost a message of their own; menus need the API."""

    link: Link = lambda _card: ""
    menus: bool = False
    news: bool = False


TEXT_ONLY = Ways()


def of_reply(text: str, content: Mapping[str, Any], ways: Ways = TEXT_ONLY) -> list[Content]:
    """The messages in which a stored reply goes out, in order; choices stand in the last text or in a menu at the end.

    Cards are told in words, with a link where there is one; the only card of a reply, where it has a page and a picture
    and nothing to choose, may be an article. Whatever the form, `choice_of` finds what was chosen.
    """
    offered = plain.choices(content)
    media = _media(content)
    article = None if offered or not ways.news else _article(content, ways.link)
    if article:
        return [*_texts(text), *media, article]

    def say(card: Card) -> str:
        return _linked(card, ways.link(card))

    said = split(plain.words(text, content, say))
    if not (offered and said and ways.menus):
        return [*_texts(plain.as_text(text, content, say)), *media]
    items = tuple(MenuItem(choice.payload, choice.title) for choice in offered)
    return [*map(Text, said[:-1]), *media, Menu(said[-1], items)]


def choice_of(told: messages.Text, content: Mapping[str, Any]) -> str | None:
    """The issued id that a customer chose: by a menu, of this reply or an older one, by number, or by title.

    `content` is that of the last reply with choices.
    """
    if told.menu_id and BUTTON_ID.fullmatch(told.menu_id):
        return told.menu_id
    return plain.chosen(told.content, content)


def _texts(text: str) -> list[Content]:
    return [Text(part) for part in split(text)]


def _media(content: Mapping[str, Any]) -> list[Content]:
    shown: list[Content] = [Media(content["image"])] if content.get("image") else []
    sent = content.get("attachments", ())
    return [*shown, *(Media(each["url"] or each["id"], each["type"], each.get("name", "")) for each in sent)]


def _article(content: Mapping[str, Any], link: Link) -> News | None:
    """The reply's only card as an article."""
    cards = [Card.of(card) for card in content.get("cards", ())]
    if len(cards) != 1 or not cards[0].image.startswith(("https://", "http://")):
        return None
    address = link(cards[0])
    said = cards[0].as_text().removeprefix(cards[0].title).removeprefix(" · ").strip()
    return News(cards[0].title, address, said, cards[0].image) if address else None


def _linked(card: Card, address: str) -> str:
    """The card in words, its title a link."""
    if not address:
        return card.as_text()
    title = card.title.replace("<", "\uff1c").replace(">", "\uff1e")
    safe = UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", address)
    return f'<a href="{safe}">{title}</a>{card.as_text().removeprefix(card.title)}'
