#!/usr/bin/env python3
"""Set up what is missing: `scripts/setup.py [python] [web] [model] [browser]` (default: python web model).

Needs no package and runs on any Python from 3.8 on, since it runs before there is an environment. What is in place and
unchanged is left alone, so a second run takes seconds. Everything it makes lies in `.venv/`, `bot/web/node_modules/`,
`bot/web/dist/`, `models/` and `var/`; only a missing browser may be installed into the system, and only by root.
"""

from __future__ import annotations

import argparse
import fcntl
import sys
from contextlib import contextmanager
from typing import Iterator

from provision import ROOT, SetupError, browser, frontend, packages
from provision.progress import Progress, Step
from provision.shell import run


def train_model() -> str:
    """Train the model; the command itself skips when nothing that the model depends on has changed."""
    run([str(packages.PYTHON), "-m", "bot", "train"])
    return ""


TARGETS = {
    "python": [Step("uv", packages.ensure_uv), Step("Python packages", packages.sync)],
    "web": [
        Step("Node", frontend.ensure_node),
        Step("front-end packages", frontend.install),
        Step("front-end build", frontend.build),
    ],
    "model": [Step("model", train_model)],
    "browser": [Step("browser for tests", browser.ensure_browser)],
}


@contextmanager
def alone() -> Iterator[None]:
    """Two set-ups at once would tread on each other: the second one waits."""
    path = ROOT / "var" / "setup.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another set-up is running, waiting for it …", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Run the steps of the chosen targets in order; 1 when one fails."""
    parser = argparse.ArgumentParser(description="Set up what is missing.")
    parser.add_argument("targets", nargs="*", metavar="target", help=f"{', '.join(TARGETS)} (default: all but browser)")
    chosen = parser.parse_args().targets or ["python", "web", "model"]
    unknown = sorted(set(chosen) - set(TARGETS))
    if unknown:
        parser.error(f"unknown target: {', '.join(unknown)}")
    steps = [step for name, steps in TARGETS.items() if name in chosen for step in steps]
    try:
        with alone():
            Progress(steps).run()
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
