"""The widget's channel: Socket.IO over websocket. What is missed while offline is fetched by number."""

from bot.channels.web.channel import WebChannel
from bot.channels.web.events import CHANNEL, as_event

__all__ = ["CHANNEL", "WebChannel", "as_event"]
