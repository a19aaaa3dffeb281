"""A browser for the tests. Its path is written to `var/stamps/chromium`; empty means Playwright's own."""

from __future__ import annotations

import os
import shutil
from typing import Iterator

from provision import STAMPS, SetupError
from provision.packages import PYTHON
from provision.shell import succeeds

STAMP = STAMPS / "chromium"
INSTALLED = ("chromium", "chromium-browser", "google-chrome")
LAUNCH = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    playwright.chromium.launch(executable_path=sys.argv[1] or None).close()
"""


def ensure_browser() -> str:
    """Find or get a Chromium that starts; the first one that does is taken. Raises SetupError."""
    for path in _candidates():
        if succeeds([str(PYTHON), "-c", LAUNCH, path]):
            STAMPS.mkdir(parents=True, exist_ok=True)
            STAMP.write_text(path)
            return path or "Playwright's own"
    raise SetupError(
        "No Chromium for the tests: Playwright could not download its own, or the system lacks\n"
        "libraries that it needs. Install your system's (Debian: apt install chromium fonts-noto-cjk),\n"
        "or set CHROMIUM_PATH to an executable, and run the command again."
    )


def _candidates() -> Iterator[str]:
    """Paths to try, in order; one is only downloaded or installed when all before it failed."""
    if os.environ.get("CHROMIUM_PATH"):
        yield os.environ["CHROMIUM_PATH"]
    if STAMP.exists():
        yield STAMP.read_text().strip()
    if succeeds([str(PYTHON), "-m", "playwright", "install", "chromium"]):
        yield ""
    yield from _on_path()
    if _install_from_system():
        yield from _on_path()


def _on_path() -> Iterator[str]:
    yield from filter(None, map(shutil.which, INSTALLED))


def _install_from_system() -> bool:
    """Install the system's Chromium and Chinese fonts where that is possible without asking: as root, with apt-get."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-y"]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    succeeds([*apt, "update"], env=quiet)  # may fail for a source that has nothing to do with this
    return succeeds([*apt, "install", "chromium", "fonts-noto-cjk"], env=quiet)
