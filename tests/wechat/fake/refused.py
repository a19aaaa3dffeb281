"""How the API says no."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

MESSAGES: dict[str, str] = json.loads((Path(__file__).parent / "errcodes.json").read_text(encoding="utf-8"))


class Refused(Exception):
    """A call that ends with an errcode."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        self.errcode = errcode
        self.message = " ".join(part for part in (MESSAGES.get(str(errcode), "error"), detail) if part)
        super().__init__(f"{errcode} {self.message}")

    def answer(self) -> dict[str, Any]:
        """The body that tells it."""
        request_id = "-".join(secrets.token_hex(4) for _ in range(3))
        return {"errcode": self.errcode, "errmsg": f"{self.message} rid: {request_id}"}
