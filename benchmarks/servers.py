"""The two servers that are measured, as real processes on free ports."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180
STOP_SECONDS = 20


@dataclass(frozen=True)
class Server:
    """A running server: where its REST webhook is, the key it wants, its processes, seconds from start to ready."""

    name: str
    url: str
    key: str
    pids: tuple[int, ...]
    ready_seconds: float

    def rss_megabytes(self) -> float:
        """Resident memory of all its processes."""
        return sum(_rss(pid) for pid in self.pids)


@contextmanager
def our_service(directory: Path) -> Iterator[Server]:
    """`python -m bot serve` with a database of its own."""
    port, key = _free_port(), secrets.token_urlsafe(16)
    environment = _environment(directory) | {"PORT": str(port), "SERVICE_API_KEY": key}
    started = time.monotonic()
    with _process([sys.executable, "-m", "bot", "serve"], environment, directory / "service.log") as process:
        _wait(f"http://127.0.0.1:{port}/readyz", process)
        url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        yield Server("ours", url, key, (process.pid,), time.monotonic() - started)


@contextmanager
def stock_rasa(directory: Path, model: Path) -> Iterator[Server]:
    """`rasa run` and its action server, with Rasa's own tracker store, lock store and HTTP between the two."""
    port, actions_port = _free_port(), _free_port()
    endpoints = directory / "endpoints.yml"
    endpoints.write_text(
        f"action_endpoint: {{url: 'http://127.0.0.1:{actions_port}/webhook', enable_selective_domain: true}}\n"
        "nlg: {type: bot.engine.nlg.ShopTexts}\n"
        f"tracker_store: {{type: SQL, dialect: sqlite, db: '{directory / 'rasa.db'}'}}\n",
        encoding="utf-8",
    )
    environment = _environment(directory)
    subprocess.run([sys.executable, "-m", "bot", "seed"], cwd=ROOT, env=environment, check=True, capture_output=True)
    serve = [sys.executable, "-m", "rasa", "run", "-m", str(model), "--endpoints", str(endpoints), "-p", str(port)]
    act = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", str(actions_port)]
    started = time.monotonic()
    with ExitStack() as running:
        actions = running.enter_context(_process(act, environment, directory / "actions.log"))
        rasa = running.enter_context(
            _process(
                [*serve, "--credentials", "credentials.yml", "-i", "127.0.0.1"], environment, directory / "rasa.log"
            )
        )
        _wait(f"http://127.0.0.1:{actions_port}/health", actions)
        _wait(f"http://127.0.0.1:{port}/", rasa)
        url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        yield Server("stock Rasa", url, "", (rasa.pid, actions.pid), time.monotonic() - started)


def _environment(directory: Path) -> dict[str, str]:
    quiet = {"LOG_LEVEL": "ERROR", "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return dict(os.environ) | quiet | {"VAR_DIR": str(directory), "PYTHONPATH": str(ROOT)}


@contextmanager
def _process(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not become ready")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _rss(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
