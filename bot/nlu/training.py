"""`python -m bot train`: a model from the project's files, made again only when one of them has changed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import bot.engine.quiet  # noqa: F401  (before Rasa)
from bot.errors import ModelError

TRAINED_FROM = ("config.yml", "domain.yml", "domain", "data", "bot/nlu", "uv.lock")
UNREAD = {"__pycache__"}
PREFIX = "shop"

Progress = Callable[[str], None]


def fingerprint(root: Path) -> str:
    """Changes when a file that a model is made from changes: configuration, domain, data, catalogue, code, versions."""
    digest = hashlib.sha256()
    for path in _sources(root):
        digest.update(f"{path.relative_to(root) if path.is_relative_to(root) else path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def train(root: Path, out: Path, progress: Progress) -> Path:
    """Train the Rasa project in `root` through Rasa's public API; return the archive in `out`.

    The archive carries the fingerprint of its sources in its name: if it is there, nothing is trained, and it becomes
    the newest of the folder again. `progress` is told in a few words what happens. Raises ModelError.
    """
    archive = out / f"{PREFIX}-{fingerprint(root)}.tar.gz"
    if archive.exists():
        archive.touch()
        progress("nothing has changed")
        return archive
    progress("reading the training data")
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # else Rasa draws progress bars
    from rasa.api import train as train_rasa

    fresh = out / ".training"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    domain = "domain" if (root / "domain").is_dir() else "domain.yml"
    try:
        with _working_directory(root), _reported(progress), contextlib.redirect_stdout(io.StringIO()) as said:
            result = train_rasa(domain, "config.yml", ["data"], str(fresh.resolve()), fixed_model_name=archive.name)
        os.replace(str(result.model), archive)
    except (Exception, SystemExit) as error:
        raise ModelError(f"training failed: {error} {said.getvalue().strip()[-500:]}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    progress("trained")
    return archive


def _sources(root: Path) -> Iterator[Path]:
    catalogue = Path(os.environ.get("SHOP_DIR", root / "shop"), "products.csv")
    for path in (*(root / name for name in TRAINED_FROM), catalogue):
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not UNREAD & set(p.parts))


@contextlib.contextmanager
def _working_directory(folder: Path) -> Iterator[None]:
    """Rasa and the paths in config.yml are relative to the working directory."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _reported(progress: Progress) -> Iterator[None]:
    """Tell what Rasa logs about the steps of training."""

    stdout = sys.stdout

    class Told(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            with contextlib.redirect_stdout(stdout):
                progress(record.getMessage())

    logger = logging.getLogger("rasa.engine.training.hooks")
    handler, level, propagate = Told(logging.INFO), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
