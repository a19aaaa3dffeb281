"""What goes wrong at WeChat's, or on the way, when a test wants it to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["errcode", "status", "garbage", "lose_request", "lose_answer", "delay"]


@dataclass
class Fault:
    """One way to fail, for the next `times` calls of a path; `*` is any path."""

    path: str
    kind: Kind
    value: float
    times: int


class Faults:
    """Faults that are still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def fail(self, path: str, errcode: int, times: int = 1) -> None:
        """Answer with this errcode, and do nothing."""
        self._add(path, "errcode", errcode, times)

    def status(self, path: str, status: int = 500, times: int = 1) -> None:
        """Answer with this HTTP status, and do nothing."""
        self._add(path, "status", status, times)

    def garbage(self, path: str, times: int = 1) -> None:
        """Answer with a page of HTML instead of JSON, and do nothing."""
        self._add(path, "garbage", 0, times)

    def lose_request(self, path: str, times: int = 1) -> None:
        """Cut the connection before anything is done."""
        self._add(path, "lose_request", 0, times)

    def lose_answer(self, path: str, times: int = 1) -> None:
        """Do what was asked, then cut the connection: the caller does not know the outcome."""
        self._add(path, "lose_answer", 0, times)

    def delay(self, path: str, seconds: float, times: int = 1) -> None:
        """Do what was asked, and answer so much later."""
        self._add(path, "delay", seconds, times)

    def clear(self) -> None:
        """Let everything go well again."""
        self._coming.clear()

    def take(self, path: str) -> Fault | None:
        """The fault of this call, if any; it is used up by it."""
        for fault in self._coming:
            if fault.path in (path, "*"):
                fault.times -= 1
                if not fault.times:
                    self._coming.remove(fault)
                return fault
        return None

    def _add(self, path: str, kind: Kind, value: float, times: int) -> None:
        if times > 0:
            self._coming.append(Fault(path, kind, value, times))
