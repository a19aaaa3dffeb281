"""The steps of `scripts/setup.py`, one module per matter. Standard library only, Python 3.8 or newer."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "var" / "tools"
STAMPS = ROOT / "var" / "stamps"


class SetupError(Exception):
    """A step failed. The message says what to do, or shows what the failing program said."""
