"""The kinds of jobs, and who does each: the one place in which a handler is named."""

from __future__ import annotations

from collections.abc import Mapping

from bot.clocks.jobs import Handler

HANDLERS: Mapping[str, Handler] = {}
