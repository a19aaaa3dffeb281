"""What waits for somebody, as the messages in which it goes out: merged to as few as fit, since they are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.wechat import content
from bot.channels.wechat.outgoing import Text
from bot.channels.wechat.split import LIMIT
from bot.channels.wechat.xml import clean
from bot.http.uploads import OWN_URL

BETWEEN = "\n\n"
SENDABLE = ("image", "video")
LABEL_FILE, LABEL_PICTURE, LABEL_UNCONFIRMED = "label_wechat_file", "label_wechat_picture", "label_wechat_unconfirmed"

Label = Callable[..., str]


@dataclass(frozen=True)
class Line:
    """An entry of the outbox with its message. `gone` messages of it were sent before."""

    entry_id: int
    gone: int
    role: str
    text: str
    content: dict[str, Any]
    is_doubtful: bool = False


@dataclass(frozen=True)
class Covered:
    """How far a parcel takes an entry: so many of its messages will have gone, which may be all.

    `is_doubtful`: it was of unknown outcome before, and stays so unless this parcel arrives.
    """

    entry_id: int
    gone: int
    is_all: bool
    is_doubtful: bool = False


@dataclass(frozen=True)
class Parcel:
    """One message of WeChat, and what it brings of which entries."""

    told: content.Content
    covers: tuple[Covered, ...]


@dataclass(frozen=True)
class _Piece:
    told: content.Content
    covers: Covered


class Packing:
    """How lines become messages. `media`: whether files can be sent, which needs the API."""

    def __init__(self, label: Label, *, media: bool) -> None:
        self._label = label
        self._media = media

    def without_media(self) -> None:
        """It turned out that files cannot be sent."""
        self._media = False

    def next_of(self, lines: Sequence[Line]) -> Parcel | None:
        """The next message; None where nothing but doubtful lines waits: these only go with others."""
        if all(line.is_doubtful for line in lines):
            return None
        parcel: Parcel | None = None
        for piece in self._pieces(lines):
            merged = _merged(parcel, piece) if parcel else Parcel(piece.told, (piece.covers,))
            if merged is None:
                break
            parcel = merged
        return parcel

    def _pieces(self, lines: Iterable[Line]) -> Iterable[_Piece]:
        for line in lines:
            shown = self._doubtful(line) if line.is_doubtful else self._shown(line)[line.gone :]
            gone = line.gone if not line.is_doubtful else 0
            if not shown:
                yield _Piece(Text(""), Covered(line.entry_id, gone, True, line.is_doubtful))
            for number, told in enumerate(shown, start=1):
                covers = Covered(line.entry_id, gone + number, number == len(shown), line.is_doubtful)
                yield _Piece(told, covers)

    def _shown(self, line: Line) -> list[content.Content]:
        made = [self._possible(told) for told in content.of_reply(line.text, line.content)]
        return [told for told in made if not isinstance(told, Text) or clean(told.content).strip()]

    def _doubtful(self, line: Line) -> list[content.Content]:
        """Said again in words, as what it is: something that may have come before."""
        words = BETWEEN.join(told.content for told in self._shown(line) if isinstance(told, Text))
        return content.of_reply(self._label(LABEL_UNCONFIRMED, text=words), {}) if words else []

    def _possible(self, told: content.Content) -> content.Content:
        """A picture or a film of ours where files can be sent; of all others where, or that, they are."""
        if not isinstance(told, content.Media):
            return told
        own = OWN_URL.fullmatch(told.source)
        if own and self._media and told.type.startswith(SENDABLE):
            return told
        if told.type.startswith("image"):
            return Text(" ".join((self._label(LABEL_PICTURE), "" if own else told.source)).strip())
        return Text(self._label(LABEL_FILE, name=told.name or told.type))


def with_more(parcel: Parcel, text: str) -> Parcel:
    """The parcel with one more text at its end, where it fits."""
    more = _merged(parcel, _Piece(Text(text), Covered(0, 0, True)))
    return replace(parcel, told=more.told) if more else parcel


def _merged(parcel: Parcel, piece: _Piece) -> Parcel | None:
    """Both in one message; None where they are of two kinds, or too long together."""
    if isinstance(piece.told, Text) and not piece.told.content:
        return replace(parcel, covers=(*parcel.covers, piece.covers))
    if isinstance(parcel.told, Text) and not parcel.told.content:
        return Parcel(piece.told, (*parcel.covers, piece.covers))
    if not isinstance(parcel.told, Text) or not isinstance(piece.told, Text):
        return None
    text = parcel.told.content + BETWEEN + piece.told.content
    if len(text.encode()) > LIMIT:
        return None
    before = tuple(covered for covered in parcel.covers if covered.entry_id != piece.covers.entry_id)
    return Parcel(Text(text), (*before, piece.covers))
