"""Pictures from customers: checked by content, saved anew without metadata, served as what they are."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import filetype
from PIL import Image, ImageOps
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file, json

from bot.conversation.inbox import clean
from bot.errors import BadInput, NotFound, TooLarge
from bot.http.auth import SERVICE, shopper_or_service
from bot.http.context import House, house
from bot.http.limits import address_of
from bot.model import Attachment
from bot.store.models import Upload, new_id

uploads = Blueprint("uploads")

SAVING: dict[str, dict[str, Any]] = {
    "image/jpeg": {"quality": 90},
    "image/png": {},
    "image/webp": {"quality": 90},
    "image/gif": {"save_all": True},
}
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
MOST_PIXELS = 40_000_000
MOST_FRAMES = 200
MOST_ATTACHMENTS = 9
DATA_URL = re.compile(r"data:[\w/+.-]*;base64,(.*)", re.DOTALL)
UPLOAD_ID = re.compile(r"[0-9a-f]{32}")
OWN_URL = re.compile(rf"(?:/uploads/)?({UPLOAD_ID.pattern})")
KEPT_INFO = ("transparency", "duration", "loop", "background")
LONGEST_LINK = 2000
DECODER = ThreadPoolExecutor(1, "pictures")  # strangers may send large ones: one at a time


@uploads.post("/api/v1/uploads")
async def upload(request: Request) -> HTTPResponse:
    """Take a picture (multipart field `file`)."""
    here = house(request)
    here.address_limit.take(address_of(request, here.services.settings.trusted_proxies))
    shopper = await shopper_or_service(request)
    # Sanic's own parser logs an error where a form names no boundary.
    is_form = "boundary=" in request.headers.get("content-type", "")
    sent = request.files.get("file") if is_form and request.files else None
    if sent is None:
        raise BadInput("the form has no field: file")
    attachment, size = await keep(here, sent.body, shopper.sender)
    return json({**attachment.as_dict(), "size": size}, status=201)


@uploads.get("/uploads/<upload_id:str>")
async def show(request: Request, upload_id: str) -> HTTPResponse:
    """A picture by its unguessable id."""
    here = house(request)
    async with here.services.database.session() as session:
        row = await session.get(Upload, upload_id) if UPLOAD_ID.fullmatch(upload_id) else None
    path = here.services.settings.uploads_dir / upload_id
    if row is None or not path.is_file():
        raise NotFound("no such picture")
    headers = {"Cache-Control": "private, max-age=86400", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return await file(path, mime_type=row.media_type, headers=headers)


async def keep(here: House, content: bytes, sender: str) -> tuple[Attachment, int]:
    """Check and store a picture. Raises TooLarge, BadInput."""
    settings = here.services.settings
    if len(content) > settings.max_upload_bytes:
        raise TooLarge(f"a picture may have {settings.max_upload_bytes // 2**20} MB")
    kind = filetype.guess(content[:8192])
    media_type = kind.mime if kind else ""
    if media_type not in FORMATS:
        raise BadInput("only jpg, png, webp and gif pictures", "wrong_type")
    upload_id = new_id()
    saved = await asyncio.get_running_loop().run_in_executor(
        DECODER, _save_clean, content, media_type, settings.uploads_dir, upload_id
    )
    async with here.services.database.session() as session:
        session.add(
            Upload(
                id=upload_id,
                sender=sender,
                media_type=media_type,
                size=len(saved),
                sha256=hashlib.sha256(saved).hexdigest(),
                created_at=here.services.clock.now(),
            )
        )
        await session.commit()
    return Attachment(upload_id, media_type, f"/uploads/{upload_id}"), len(saved)


def _save_clean(content: bytes, media_type: str, directory: Path, upload_id: str) -> bytes:
    """Decode and encode anew: what is no picture fails, and where it was taken does not travel."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            frames = _frames(picture) if media_type == "image/gif" else 1
            if picture.width * picture.height * frames > MOST_PIXELS or frames > MOST_FRAMES:
                raise TooLarge("the picture has too many pixels")
            upright = picture if frames > 1 else ImageOps.exif_transpose(picture)
            target = upright.convert("RGB") if media_type == "image/jpeg" else upright
            target.info = {name: value for name, value in target.info.items() if name in KEPT_INFO}
            out = io.BytesIO()
            target.save(out, FORMATS[media_type], **SAVING[media_type])
            saved = out.getvalue()
    except TooLarge:
        raise
    except Exception as error:  # Pillow raises almost anything on a broken file
        raise BadInput("the picture cannot be read", "unreadable") from error
    directory.mkdir(parents=True, exist_ok=True)
    (directory / upload_id).write_bytes(saved)
    return saved


def _frames(picture: Image.Image) -> int:
    """How many frames, counted no further than matters."""
    for frame in range(MOST_FRAMES + 1):
        try:
            picture.seek(frame)
        except EOFError:
            picture.seek(0)
            return frame
    return MOST_FRAMES + 1


async def attachments_of(here: House, listed: Any, sender: str) -> tuple[Attachment, ...]:
    """The attachments of a message: upload ids, `data:` URLs (stored), other links (kept as links, never fetched)."""
    if not listed:
        return ()
    if not isinstance(listed, list) or len(listed) > MOST_ATTACHMENTS:
        raise BadInput(f"attachments: a list of at most {MOST_ATTACHMENTS}")
    return tuple([await _attachment(here, entry, sender) for entry in listed])


async def _attachment(here: House, entry: Any, sender: str) -> Attachment:
    url = entry.get("url") if isinstance(entry, dict) else entry
    if not isinstance(url, str) or not url:
        raise BadInput("an attachment needs a url")
    if url.startswith("data:"):
        inline = DATA_URL.fullmatch(url)
        if inline is None:
            raise BadInput("a data: URL must be base64")
        try:
            content = base64.b64decode(inline[1], validate=True)
        except binascii.Error as error:
            raise BadInput("a data: URL must be base64") from error
        return (await keep(here, content, sender))[0]
    own = OWN_URL.fullmatch(url)
    if own:
        upload_id = own[1]
        async with here.services.database.session() as session:
            row = await session.get(Upload, upload_id)
        if row is None or row.sender not in (sender, SERVICE):
            raise BadInput("no such upload")
        return Attachment(upload_id, row.media_type, f"/uploads/{upload_id}")
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST_LINK or not url.isprintable():
        raise BadInput("an attachment is an upload id, a data: URL or a link")
    return Attachment("", clean(str(entry.get("type") or ""))[:60] if isinstance(entry, dict) else "", url)
