"""uv, and by it Python 3.10 and the locked packages in `.venv`."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from provision import ROOT, TOOLS, SetupError
from provision.shell import CommandFailed, run, succeeds

PYTHON = ROOT / ".venv" / "bin" / "python"
WANTED_PYTHON = (ROOT / ".python-version").read_text().strip()

UV_REQUIREMENT = "uv==0.13.9"
OLDEST_UV = (0, 5)  # reads dependency groups and this lock file's format


def find_uv() -> str | None:
    """The uv on PATH unless too old, else the project's own; None if there is neither."""
    for candidate in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if candidate and succeeds([candidate, "--version"]):
            version = re.search(r"(\d+)\.(\d+)", run([candidate, "--version"]))
            if version and (int(version[1]), int(version[2])) >= OLDEST_UV:
                return candidate
    return None


def uv() -> str:
    """The uv to use; raises SetupError when the step that provides it has not run."""
    found = find_uv()
    if found is None:
        raise SetupError("uv is missing: run `python3 scripts/setup.py python` first")
    return found


def ensure_uv() -> str:
    """Find uv, or install it into an environment of the project's own."""
    if find_uv():
        return ""
    if TOOLS.exists():
        shutil.rmtree(TOOLS)
    try:
        run([sys.executable, "-m", "venv", str(TOOLS)])
    except CommandFailed as error:
        shutil.rmtree(TOOLS, ignore_errors=True)
        raise SetupError(
            f"{error}\n\nThis Python cannot make virtual environments. On Debian and Ubuntu install what is missing:\n"
            "    apt install python3-venv\nor install uv by your system's package manager; then run the command again."
        ) from error
    run([str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", UV_REQUIREMENT])
    return f"installed into {TOOLS.relative_to(ROOT)}"


def sync() -> str:
    """Bring `.venv` to exactly what `uv.lock` says."""
    run([uv(), "sync", "--frozen", *_interpreter()], env={"UV_HTTP_TIMEOUT": "300"})
    return ""


def _interpreter() -> list[str]:
    """How to tell uv which Python to take: nothing where it finds one by itself, pyenv's where pyenv is not on PATH."""
    if succeeds([uv(), "python", "find", WANTED_PYTHON]):
        return []
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for python in sorted(pyenv.glob(f"versions/{WANTED_PYTHON}*/bin/python{WANTED_PYTHON}")):
        if succeeds([str(python), "--version"]):
            return ["--python", str(python)]
    try:
        run([uv(), "python", "install", WANTED_PYTHON])
    except CommandFailed as error:
        raise SetupError(
            f"{error}\n\nPython {WANTED_PYTHON} is missing and could not be downloaded. Install it, by pyenv "
            f"(`pyenv install {WANTED_PYTHON}`) or by your system's package manager, and run the command again."
        ) from error
    return []
