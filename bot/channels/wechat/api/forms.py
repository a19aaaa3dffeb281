"""Files in the form that WeChat takes.

Source: https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia (pictures 10 MB, on
another page 2 MB: we keep to the smaller; films 10 MB MP4; thumbnails 64 KB JPG).
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache

import filetype
from PIL import Image as Picture
from PIL import ImageDraw, ImageOps

from bot.channels.wechat.api.transport import File
from bot.errors import NotSendable

LARGEST_PICTURE, LARGEST_FILM = 2 * 1024 * 1024, 10 * 1024 * 1024
SIDES = (4096, 2560, 1600, 1080)
"""Longest sides in pixels, tried in this order until a picture is small enough."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "video/mp4": "mp4"}
THUMB = (320, 180)
TRIANGLE = ((136, 60), (136, 120), (190, 90))


def kind_of(content: bytes) -> str:
    """The type of an upload: image or video. Raises NotSendable for what WeChat's chats do not show."""
    media_type = _media_type(content)
    if media_type.startswith("image/"):
        return "image"
    if media_type == "video/mp4":
        if len(content) > LARGEST_FILM:
            raise NotSendable(f"a film of {len(content)} bytes, {LARGEST_FILM} are allowed")
        return "video"
    raise NotSendable(f"a file of type {media_type or 'unknown'}")


def acceptable(content: bytes) -> File:
    """The file in a form that WeChat takes: a picture of another format, or too large a one, becomes a JPEG."""
    media_type = _media_type(content)
    fits = media_type == "video/mp4" or len(content) <= LARGEST_PICTURE
    if not fits or media_type not in ENDINGS:
        content, media_type = _smaller(content), "image/jpeg"
    return File(f"{hashlib.sha256(content).hexdigest()[:16]}.{ENDINGS[media_type]}", media_type, content)


def _smaller(content: bytes) -> bytes:
    try:
        with Picture.open(io.BytesIO(content)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:  # Pillow raises almost anything on a broken file
        raise NotSendable("a picture that cannot be read") from error
    picture = Picture.new("RGB", upright.size, "white")
    picture.paste(upright, mask=upright)  # where it is transparent it is shown on white
    for side in SIDES:
        picture.thumbnail((side, side))
        smaller = _jpeg(picture)
        if len(smaller) <= LARGEST_PICTURE:
            return smaller
    raise NotSendable("a picture too large, however small it is made")


@lru_cache(1)
def film_thumb() -> bytes:
    """A grey picture with the sign of playing, as a JPEG."""
    picture = Picture.new("RGB", THUMB, "dimgray")
    ImageDraw.Draw(picture).polygon(TRIANGLE, "white")
    return _jpeg(picture)


def _media_type(content: bytes) -> str:
    guessed = filetype.guess(content[:8192])
    return guessed.mime if guessed else ""


def _jpeg(picture: Picture.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
