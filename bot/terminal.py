"""`python -m bot chat`: a customer in the terminal, over REST."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import aiohttp
from rich.console import Console


async def talk(server: str, key: str, customer: str) -> None:
    """Read lines and show the bot's answers until end of input; a number presses that button."""
    console, sender = Console(), f"terminal-{secrets.token_hex(4)}"
    buttons: list[dict[str, str]] = []
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(server, headers=headers) as session:
        while True:
            try:
                line = (await asyncio.get_running_loop().run_in_executor(None, console.input, "[bold]> [/]")).strip()
            except (EOFError, KeyboardInterrupt):
                return
            pressed = line.isdigit() and 0 < int(line) <= len(buttons)
            message = buttons[int(line) - 1]["payload"] if pressed else line
            metadata = {"customer_id": customer} if customer else {}
            body = {"sender": sender, "message": message, "metadata": metadata}
            async with session.post("/webhooks/rest/webhook", json=body) as answer:
                replies: Any = await answer.json()
            if not isinstance(replies, list):
                console.print(replies)
                continue
            buttons = []
            for reply in replies:
                console.print(reply["text"], markup=False)
                for button in reply.get("buttons", []):
                    buttons.append(button)
                    console.print(f"  [{len(buttons)}] {button['title']}", markup=False)
