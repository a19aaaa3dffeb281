"""Every error this package raises on purpose.

BotError
├── SettingsError          a setting is missing or wrong; the message names it
├── ShopError              a file of the merchant (shop/) is wrong; the message names file and key
│   └── PolicyError        a rule pack is wrong (bot.policy.pack)
├── ModelError             no trained model, or it does not load
├── TurnFailed             a turn could not be completed; it is tried again
├── NotSendable            a message of ours in a form that its channel does not take
└── RequestError           a caller of the HTTP API did something wrong; carries status and code
    ├── BadInput           400
    ├── NotAuthenticated   401
    ├── NotAllowed         403
    ├── NotFound           404
    ├── WrongState         409
    ├── TooLarge           413
    ├── TooMany            429
    ├── NotYet             503, our fault: the answer is not there in time
    └── NotReady           503, our fault: the model is not loaded yet
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BotError(Exception):
    """Base of all errors of this package."""


class SettingsError(BotError):
    """A setting is missing or wrong."""


class ShopError(BotError):
    """A file that the merchant edits is wrong."""


class ModelError(BotError):
    """The trained model is missing or cannot be loaded."""


class TurnFailed(BotError):
    """A turn could not be completed."""


class NotSendable(BotError):
    """A message of ours that its channel does not take in this form: our mistake, trying again changes nothing."""


class RequestError(BotError):
    """A caller's mistake. `code` is for programs, the message is for people, `detail` what a program may show of it."""

    status = 400
    code = "bad_input"

    def __init__(self, message: str, code: str | None = None, detail: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code or self.code
        self.detail = detail

    def as_json(self) -> dict[str, Any]:
        """As HTTP and sockets show it."""
        shown: dict[str, Any] = {"code": self.code, "message": str(self)}
        return shown | ({"detail": dict(self.detail)} if self.detail else {})


class BadInput(RequestError):
    """The request does not have the form that the path asks for."""


class NotAuthenticated(RequestError):
    """No credentials, or wrong ones."""

    status, code = 401, "not_authenticated"


class NotAllowed(RequestError):
    """Known, but not allowed to do this."""

    status, code = 403, "not_allowed"


class NotFound(RequestError):
    """There is no such thing, or not for this caller."""

    status, code = 404, "not_found"


class WrongState(RequestError):
    """The thing is not in a state that allows this."""

    status, code = 409, "wrong_state"


class TooLarge(RequestError):
    """The body or an upload is larger than allowed."""

    status, code = 413, "too_large"


class TooMany(RequestError):
    """More requests than the rate limit allows."""

    status, code = 429, "too_many"


class NotYet(RequestError):
    """Stored, but not answered in time; the same message id asks again."""

    status, code = 503, "not_yet"


class NotReady(RequestError):
    """The service is starting; the same request succeeds a little later."""

    status, code = 503, "not_ready"
