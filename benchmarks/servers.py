"""The two systems under test as processes of their own, each with a fresh database, on 127.0.0.1."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.settings import ROOT, Settings

HOST = "127.0.0.1"
API_KEY = "benchmark-key"
START_SECONDS = 120.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.1


class NotStarted(RuntimeError):
    """A server ended, or was not ready in time; the message says where its log is."""


@dataclass
class Server:
    """A running system: where it answers, how long it took to be ready (seconds), and its processes."""

    url: str
    start_seconds: float
    processes: Sequence[subprocess.Popen[bytes]]

    def rss_mb(self) -> float:
        """Resident memory of all its processes together, in MB."""
        pids = ",".join(str(process.pid) for process in self.processes)
        shown = subprocess.run(["ps", "-o", "rss=", "-p", pids], capture_output=True, text=True, check=True)
        return sum(int(line) for line in shown.stdout.split()) / 1024


@contextmanager
def this_system(port: int, directory: Path) -> Iterator[Server]:
    """The service: one process."""
    environment = _environment(directory) | {"PORT": str(port), "SERVICE_API_KEY": API_KEY}
    _seed(environment)
    command = [sys.executable, "-m", "bot", "serve"]
    with _running([(command, f"http://{HOST}:{port}/readyz")], environment, directory) as server:
        yield server


@contextmanager
def stock_rasa(port: int, directory: Path) -> Iterator[Server]:
    """`rasa run` and `rasa run actions`, same model, actions and texts; stock lock store and in-memory trackers."""
    environment = _environment(directory)
    _seed(environment)
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    endpoints["action_endpoint"]["url"] = f"http://{HOST}:{port + 1}/webhook"
    (directory / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    rasa = [sys.executable, "-m", "rasa", "run"]
    actions = [*rasa, "actions", "--port", str(port + 1), "--actions", "actions"]
    files = ["--endpoints", str(directory / "endpoints.yml"), "--credentials", str(ROOT / "credentials.yml")]
    talk = [*rasa, "--interface", HOST, "--port", str(port), "--model", str(Settings().models_dir), *files]
    commands = [(actions, f"http://{HOST}:{port + 1}/health"), (talk, f"http://{HOST}:{port}/")]
    with _running(commands, environment, directory) as server:
        yield server


def _environment(directory: Path) -> dict[str, str]:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    own = {
        "VAR_DIR": str(directory),
        "DATABASE_URL": "",
        "REST_CALLBACK_URL": "",
        "LOG_LEVEL": "WARNING",
    }  # capitals: Rasa reads it as well
    return {**os.environ, **quiet, **own, "LOG_LEVEL_LIBRARIES": "ERROR", "PYTHONWARNINGS": "ignore"}


def _seed(environment: dict[str, str]) -> None:
    """Both begin with a migrated and filled database, so that neither start pays for it."""
    subprocess.run([sys.executable, "-m", "bot", "seed"], cwd=ROOT, env=environment, check=True, capture_output=True)


@contextmanager
def _running(
    commands: Sequence[tuple[list[str], str]], environment: dict[str, str], directory: Path
) -> Iterator[Server]:
    """Start commands, wait until each answers at its address, and stop them afterwards; the last one is talked to."""
    started = time.monotonic()
    processes: list[subprocess.Popen[bytes]] = []
    log = directory / "log.txt"
    try:
        with log.open("wb") as output:
            for command, _ in commands:
                process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
                processes.append(process)
        for process, (_, url) in zip(processes, commands, strict=True):
            _wait(process, url, started + START_SECONDS, log)
        base = commands[-1][1]
        yield Server(base[: base.index("/", len("http://"))], time.monotonic() - started, processes)
    finally:
        _stop(processes)


def _wait(process: subprocess.Popen[bytes], url: str, deadline: float, log: Path) -> None:
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(POLL_SECONDS)
    raise NotStarted(f"{url} does not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
