"""Who a browser speaks for: a customer, by a token that the shop signed, or a visitor, by a token that we signed."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

import jwt

from bot.errors import NotAuthenticated

ALGORITHM = "HS256"
SHOPPER_SECONDS = 24 * 3600
VISITOR_SECONDS = 180 * 24 * 3600
LONGEST_NAME = 64


@dataclass(frozen=True)
class Shopper:
    """Somebody in the widget. `sender` is the conversation's, on every device of a known customer the same."""

    sender: str
    customer_id: str | None = None


class Identities:
    """Signs and reads tokens (HS256 by IDENTITY_SECRET)."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def for_customer(self, customer_id: str) -> str:
        """A token as a shop's own server makes it for a logged-in customer."""
        return self._sign({"customer_id": customer_id}, SHOPPER_SECONDS)

    def for_visitor(self) -> str:
        """A token for somebody new."""
        return self._sign({"visitor": secrets.token_hex(16)}, VISITOR_SECONDS)

    def read(self, token: str) -> Shopper:
        """Who the token is for. Raises NotAuthenticated for a forged or expired one."""
        try:
            claims = jwt.decode(token, self._secret, algorithms=[ALGORITHM])
        except (jwt.PyJWTError, UnicodeError) as error:
            raise NotAuthenticated("the token is not valid") from error
        customer_id, visitor = claims.get("customer_id"), claims.get("visitor")
        if _is_name(customer_id):
            return Shopper(f"c-{customer_id}", customer_id)
        if _is_name(visitor):
            return Shopper(f"v-{visitor}")
        raise NotAuthenticated("the token names nobody")

    def _sign(self, claims: dict[str, str], seconds: int) -> str:
        now = int(time.time())
        return jwt.encode({**claims, "iat": now, "exp": now + seconds}, self._secret, algorithm=ALGORITHM)


def _is_name(claim: Any) -> bool:
    return isinstance(claim, str) and 0 < len(claim) <= LONGEST_NAME and claim.isprintable()
