"""What agents say often: `shop/quick_replies.yml`, found by words, by their sound and by its first letters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from pypinyin import Style, lazy_pinyin

from bot.errors import ShopError


@dataclass(frozen=True)
class QuickReply:
    """One of them. Fields in `text`, such as {customer}, are filled in by the console."""

    id: str
    group: str
    title: str
    text: str
    pinyin: str
    initials: str

    def rank(self, asked: str) -> int | None:
        """How well it fits what is looked for: the less the better; None when not at all."""
        title = self.title.lower()
        ranks = (
            title.startswith(asked) or self.initials.startswith(asked) or self.pinyin.startswith(asked),
            asked in title or asked in self.initials or asked in self.pinyin,
            asked in self.group.lower() or asked == self.id,
            asked in self.text.lower(),
        )
        return next((rank for rank, fits in enumerate(ranks) if fits), None)


class QuickReplies:
    """All of them, read anew when the file changes; a shop without the file has none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = 0
        self._replies: tuple[QuickReply, ...] = ()
        self.reload()

    def reload(self) -> bool:
        """Read the file again if it changed; a broken one raises ShopError and leaves the old replies in place."""
        stamp = self._path.stat().st_mtime_ns if self._path.exists() else 0
        if stamp == self._stamp:
            return False
        content = yaml.safe_load(self._path.read_text(encoding="utf-8")) if stamp else []
        self._replies, self._stamp = tuple(_replies(self._path, content or [])), stamp
        return True

    def find(self, asked: str) -> list[dict[str, Any]]:
        """Those that fit, the best first; all of them when nothing is looked for."""
        asked = "".join(asked.lower().split())
        if not asked:
            return [asdict(reply) for reply in self._replies]
        ranked = [(rank, place) for place, r in enumerate(self._replies) if (rank := r.rank(asked)) is not None]
        return [asdict(self._replies[place]) for _, place in sorted(ranked)]


def _replies(path: Path, content: Any) -> list[QuickReply]:
    found = []
    try:
        for entry in content:
            for reply in entry["replies"]:
                found.append(_reply(str(entry["group"]), reply))
    except (KeyError, TypeError) as error:
        raise ShopError(f"{path.name}: groups with replies, each with id, title and text: {error!r}") from error
    ids = [reply.id for reply in found]
    if doubled := {name for name in ids if ids.count(name) > 1}:
        raise ShopError(f"{path.name}: ids stand twice: {', '.join(sorted(doubled))}")
    return found


def _reply(group: str, entry: Any) -> QuickReply:
    title = str(entry["title"])
    return QuickReply(
        id=str(entry["id"]),
        group=group,
        title=title,
        text=str(entry["text"]).strip(),
        pinyin="".join(lazy_pinyin(title)).lower(),
        initials="".join(lazy_pinyin(title, style=Style.FIRST_LETTER)).lower(),
    )
