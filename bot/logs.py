"""Logging: structured lines on stderr, with ids of conversations and never what was said."""

from __future__ import annotations

import logging
import sys
import warnings

import sanic  # noqa: F401  (its import shows every DeprecationWarning once; the filter below has to come after)
import structlog


def configure(level: str) -> None:
    """Set up structlog and quieten the libraries: their age is known (docs/operations.md), no news at every start."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore", DeprecationWarning)
    number = logging.getLevelName(level.upper())
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for name in ("sanic.access", "rasa", "matplotlib", "alembic", "engineio", "socketio"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # Rasa logs messages at its lower levels, and actions' errors with the whole tracker: neither is for our logs.
    logging.getLogger("rasa.core.processor").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number if isinstance(number, int) else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
