"""What a customer sent that is no text, in words that the bot and people can read."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.wechat import messages
from bot.channels.wechat.push import Push

Label = Callable[..., str]


def in_words(push: Push, label: Label) -> str:
    """One line, or a few; empty for what is no message."""
    if isinstance(push, messages.Text):
        return push.content
    if isinstance(push, messages.Location):
        where = push.label or label("label_wechat_place")
        return label("label_wechat_location", place=where, at=f"{push.latitude:.6f}, {push.longitude:.6f}")
    if isinstance(push, messages.Link):
        told = "\n".join(part for part in (push.title, push.description, push.url) if part)
        return label("label_wechat_link", told=told)
    if isinstance(push, messages.MiniProgramPage):
        return label("label_wechat_card", told=push.title or push.page_path or "")
    if isinstance(push, messages.Voice):
        return label("label_wechat_voice")
    if isinstance(push, messages.Video):
        return label("label_wechat_video")
    return label("label_wechat_other") if isinstance(push, messages.Message) else ""
