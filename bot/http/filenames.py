"""What an upload is called when it is shown or saved. Names come from strangers' devices."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.conversation.inbox import clean

ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "video/mp4": (".mp4",),
    "application/pdf": (".pdf",),
}
"""What is taken at all, and how the names of such files end; the first one is ours to give."""
LONGEST = 120
ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
NOT_IN_NAMES = re.compile(r'[<>:"|?*\s]+')


def clean_name(name: str, media_type: str) -> str:
    """The name without path, control and direction characters, with the ending of what the file is; empty for none."""
    last = re.split(r"[/\\]", clean(name))[-1]
    plain = NOT_IN_NAMES.sub(" ", last).strip(". ")
    if not plain:
        return ""
    endings = ENDINGS[media_type]
    if plain.lower().endswith(endings):
        stem, _, ending = plain.rpartition(".")
        ending = f".{ending}"
    else:
        stem, ending = ENDING.sub("", plain), endings[0]
    return stem[: LONGEST - len(ending)].rstrip() + ending if stem else ""


def disposition(name: str, *, is_shown: bool) -> str:
    """The header that names a file to whoever saves it; what is not shown is only ever saved."""
    how = "inline" if is_shown else "attachment"
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}" if name else how
