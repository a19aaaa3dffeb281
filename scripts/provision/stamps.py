"""Work is repeated only when its inputs changed: a digest of their content is kept in `var/stamps/`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Callable, Iterable

from provision import STAMPS


def digest(paths: Iterable[Path], *also: str) -> str:
    """A digest of the files' names and content, and of `also` (versions, say)."""
    total = hashlib.sha256()
    for text in also:
        total.update(text.encode() + b"\0")
    for path in sorted(paths):
        total.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def once(name: str, inputs: str, output: Path, work: Callable[[], object]) -> str:
    """Do the work unless it was done for these inputs and its output is still there; say "up to date" if so."""
    stamp = STAMPS / name
    if output.exists() and stamp.exists() and stamp.read_text() == inputs:
        return "up to date"
    if stamp.exists():
        stamp.unlink()
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(inputs)
    return ""
