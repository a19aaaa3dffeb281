"""`python -m tests.wechat.fake`: WeChat on one's own machine, to be played with by hand."""

from __future__ import annotations

import argparse
import asyncio
import signal

from . import Account, FakeWeChat, Mode
from .account import RIGHTS
from .push import CUT_SECONDS
from .state import TEXTS

USERS = {"o-lin": "demo_first", "o-zhou": "demo_second", "o-chen": "demo_third"}
SERVICER = "kf1@fake"


def arguments() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    usual = Account()
    parser = argparse.ArgumentParser(prog="python -m tests.wechat.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="of the page and of the API (%(default)s)")
    parser.add_argument("--callback", default="http://127.0.0.1:8000/wechat", help="of the service (%(default)s)")
    parser.add_argument("--token", default=usual.token)
    parser.add_argument("--aes-key", default=usual.aes_key, help="43 characters")
    parser.add_argument("--appid", default=usual.appid)
    parser.add_argument("--secret", default=usual.secret)
    parser.add_argument("--kind", choices=sorted(RIGHTS), default=usual.kind)
    parser.add_argument("--mode", choices=[mode.value for mode in Mode], default=usual.mode.value)
    parser.add_argument("--cut", type=float, default=CUT_SECONDS, help="seconds until an attempt is cut (%(default)s)")
    return parser


async def serve(told: argparse.Namespace) -> None:
    """Serve until interrupted."""
    account = Account(told.appid, told.secret, told.token, told.aes_key, kind=told.kind, mode=told.mode)
    async with FakeWeChat(told.callback, account=account, cut=told.cut, port=told.port) as wechat:
        for openid, name in USERS.items():
            wechat.user(openid, TEXTS[name])
        wechat.desk.employ(SERVICER, TEXTS["demo_servicer"])
        print("Put this into the environment of the service, and start it:\n")
        for name, value in wechat.environment.items():
            print(f"export {name}={value}")
        print(f"\nThen open {wechat.address}/", flush=True)
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        await ended.wait()


def main() -> None:
    """Run the program."""
    parser = arguments()
    told = parser.parse_args()
    try:
        asyncio.run(serve(told))
    except (ValueError, OSError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
