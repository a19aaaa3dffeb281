"""`python -m bot serve` with the tests' client of the API."""

from __future__ import annotations

from bot import logs
from bot.app import create_app
from bot.prepare import prepare_database
from bot.services import build_services
from bot.settings import load_settings
from tests.wechat.client import HttpClient

if __name__ == "__main__":
    settings = load_settings()
    logs.configure(settings.log_level)
    prepare_database(build_services(settings))
    create_app(settings, lambda house: HttpClient(house.services.settings)).run(
        host=settings.host, port=settings.port, access_log=False, motd=False, debug=False
    )
