"""Pictures, films and documents: checked by content, kept without metadata, served as what they are."""

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
from sanic.response import HTTPResponse, empty, file, json

from bot import mp4
from bot.conversation.inbox import clean
from bot.errors import BadInput, NotFound, TooLarge
from bot.http import filenames
from bot.http.auth import SERVICE, shopper_or_service
from bot.http.context import House, house
from bot.http.limits import address_of
from bot.http.ranges import part_of
from bot.model import Attachment
from bot.store.database import uninterrupted
from bot.store.models import Upload, new_id

uploads = Blueprint("uploads")

SAVING: dict[str, dict[str, Any]] = {
    "image/jpeg": {"quality": 90},
    "image/png": {},
    "image/webp": {"quality": 90},
    "image/gif": {"save_all": True},
}
MP4, PDF = "video/mp4", "application/pdf"
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
MOST_PIXELS = 40_000_000
MOST_FRAMES = 200
MOST_ATTACHMENTS = 9
DATA_URL = re.compile(r"data:[\w/+.-]*;base64,(.*)", re.DOTALL)
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Max-Age": "86400",
}
UPLOAD_ID = re.compile(r"[0-9a-f]{32}")
OWN_URL = re.compile(rf"(?:/uploads/)?({UPLOAD_ID.pattern})")
KEPT_INFO = ("transparency", "duration", "loop", "background")
LONGEST_LINK = 2000
DECODER = ThreadPoolExecutor(1, "pictures")  # strangers may send large ones: one at a time


@uploads.route("/api/v1/uploads", methods=("POST", "OPTIONS"))
async def upload(request: Request) -> HTTPResponse:
    """Take a file (multipart field `file`; `name` is what it is to be called), also from pages of other origins."""
    if request.method == "OPTIONS":
        return empty(headers=PREFLIGHT)
    here = house(request)
    here.address_limit.take(address_of(request, here.services.settings.trusted_proxies))
    shopper = await shopper_or_service(request)
    # Sanic's own parser logs an error where a form names no boundary.
    is_form = "boundary=" in request.headers.get("content-type", "")
    sent = request.files.get("file") if is_form and request.files else None
    if sent is None:
        raise BadInput("the form has no field: file")
    attachment, size = await keep(here, sent.body, shopper.sender, request.form.get("name") or sent.name or "")
    return json({**attachment.as_dict(), "name": attachment.name, "size": size}, status=201, ensure_ascii=False)


@uploads.get("/uploads/<upload_id:str>")
async def show(request: Request, upload_id: str) -> HTTPResponse:
    """A file by its unguessable id; a part of it where a player asks for one."""
    here = house(request)
    async with here.services.database.session() as session:
        row = await session.get(Upload, upload_id) if UPLOAD_ID.fullmatch(upload_id) else None
    path = here.services.settings.uploads_dir / upload_id
    if row is None or not path.is_file():
        raise NotFound("no such upload")
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=86400",
        "Content-Disposition": filenames.disposition(row.name, is_shown=row.media_type != PDF),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    wanted: Any = part_of(request.headers.get("range"), path.stat().st_size)
    return await file(path, mime_type=row.media_type, headers=headers, _range=wanted)


async def keep(here: House, content: bytes, sender: str, name: str = "") -> tuple[Attachment, int]:
    """Check and store a file. Raises TooLarge, BadInput."""
    settings = here.services.settings
    kind = filetype.guess(content[:8192])
    media_type = kind.mime if kind else ""
    most = settings.max_large_upload_bytes if media_type in (MP4, PDF) else settings.max_upload_bytes
    if len(content) > most:
        raise TooLarge(f"this may have {most // 2**20} MB")
    if media_type not in filenames.ENDINGS:
        raise BadInput("only jpg, png, webp, gif, mp4 and pdf", "wrong_type")
    upload_id, called = new_id(), filenames.clean_name(name, media_type)
    saved = await asyncio.get_running_loop().run_in_executor(
        DECODER, _save, content, media_type, settings.uploads_dir / upload_id
    )
    row = Upload(
        id=upload_id,
        sender=sender,
        name=called,
        media_type=media_type,
        size=len(saved),
        sha256=hashlib.sha256(saved).hexdigest(),
        created_at=here.services.clock.now(),
    )
    await uninterrupted(_add(here, row))
    return Attachment(upload_id, media_type, f"/uploads/{upload_id}", called), len(saved)


async def _add(here: House, row: Upload) -> None:
    async with here.services.database.session() as session:
        session.add(row)
        await session.commit()


def _save(content: bytes, media_type: str, path: Path) -> bytes:
    """Write the file as it is kept. Raises BadInput, TooLarge."""
    if media_type == MP4:
        try:
            saved = mp4.without_location(content)
        except ValueError as error:
            raise BadInput("the film cannot be read", "unreadable") from error
    else:
        saved = content if media_type == PDF else _clean_picture(content, media_type)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(saved)
    return saved


def _clean_picture(content: bytes, media_type: str) -> bytes:
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
            return out.getvalue()
    except TooLarge:
        raise
    except Exception as error:  # Pillow raises almost anything on a broken file
        raise BadInput("the picture cannot be read", "unreadable") from error


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
        return Attachment(upload_id, row.media_type, f"/uploads/{upload_id}", row.name)
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST_LINK or not url.isprintable():
        raise BadInput("an attachment is an upload id, a data: URL or a link")
    return Attachment("", clean(str(entry.get("type") or ""))[:60] if isinstance(entry, dict) else "", url)
