"""Running other programs: quietly while they succeed, with all they said when they fail."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from provision import ROOT, SetupError


class CommandFailed(SetupError):
    """A program ended with an error; the message carries its output."""


def run(command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Run to the end and return what was printed. `env` is laid over the environment. Raises CommandFailed."""
    try:
        result = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise CommandFailed(f"{command[0]} could not be started: {error}") from error
    if result.returncode != 0:
        shown = " ".join(shlex.quote(part) for part in command)
        raise CommandFailed(f"{result.stdout.strip()}\n\n{shown}: ended with {result.returncode}")
    return result.stdout


def succeeds(command: list[str], *, env: dict[str, str] | None = None) -> bool:
    """Whether the program can be started and ends well."""
    try:
        run(command, env=env)
    except CommandFailed:
        return False
    return True
