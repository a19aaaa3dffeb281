"""A customer's file from WeChat, checked and kept like one from the widget: it becomes evidence as that does."""

from __future__ import annotations

from bot.channels.wechat.api.media import MediaLibrary
from bot.http.context import House
from bot.http.uploads import keep
from bot.model import Attachment


async def attachment(here: House, media: MediaLibrary, media_id: str, openid: str) -> Attachment:
    """Fetch what a customer sent and keep it as an upload of theirs; decoded anew, without where it was taken.

    Raises NotFound: WeChat has it no more; TooLarge; BadInput: no picture or film that we take (a voice message, say);
    WeChatError: not fetched now, may be tried again.
    """
    content = await media.fetched(media_id, here.services.settings.max_large_upload_bytes)
    return (await keep(here, content, openid))[0]
