"""Progress as lines such as `[3/6] Python packages … 14 s`; in a terminal the seconds run while the step does."""

from __future__ import annotations

import sys
import threading
import time
from typing import Callable, NamedTuple


class Step(NamedTuple):
    """One line of progress. `work` returns a remark to show, such as "up to date", or nothing."""

    title: str
    work: Callable[[], str]


class Progress:
    """Runs steps in order, one line each."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = steps

    def run(self) -> None:
        """Run all steps; whatever one raises ends the run, after its line was ended."""
        for number, step in enumerate(self._steps, start=1):
            self._run_one(f"[{number}/{len(self._steps)}] {step.title} …", step.work)

    def _run_one(self, head: str, work: Callable[[], str]) -> None:
        started = time.monotonic()
        done = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(head, started, done), daemon=True)
        print(head, end="", flush=True)
        ticker.start()
        tail = "failed after "
        remark = ""
        try:
            remark = work()
            tail = ""
        finally:
            done.set()
            ticker.join()
            seconds = f"{time.monotonic() - started:.0f} s"
            print(f"\r{head}" if sys.stdout.isatty() else "", tail + (f"{seconds} ({remark})" if remark else seconds))

    @staticmethod
    def _tick(head: str, started: float, done: threading.Event) -> None:
        while sys.stdout.isatty() and not done.wait(1.0):
            print(f"\r{head} {time.monotonic() - started:.0f} s", end="", flush=True)
