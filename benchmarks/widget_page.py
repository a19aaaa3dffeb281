"""A visitor of a shop's page with the widget, in Chromium on a slow line; the page itself takes the times."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.async_api import Browser, Page, Playwright

from bot.settings import ROOT

STAMP = ROOT / "var" / "stamps" / "chromium"
SYSTEM = Path("/usr/bin/chromium")
PAGE = """<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>Shop</title>
    <link rel="icon" href="data:,">
    <script src="{url}/widget.js" data-shop="bench" async></script>
  </head>
  <body><h1>Shop</h1><p>{words}</p></body>
</html>
"""
PHONE = {"width": 390, "height": 844}
CPU_SLOWDOWN = 4
PIXELS_A_FRAME = 120
LATE_MS = 50


@dataclass(frozen=True)
class Line:
    """A network: what Chromium's developer tools call slow 4G."""

    down_kbit: int
    up_kbit: int
    latency_ms: int


LINE = Line(down_kbit=1600, up_kbit=750, latency_ms=150)

# Times of what is really on the screen: a task that follows the frame in which it was drawn.
CLOCK = """
window.chat = () => document.querySelector('shop-chat')
window.inside = selector => chat()?.shadowRoot?.querySelector(selector)
window.painted = holds => new Promise((resolve, reject) => {
  const until = performance.now() + 60_000
  const look = () => requestAnimationFrame(() => {
    if (performance.now() > until) return reject(new Error(`never: ${holds}`))
    if (!holds()) return look()
    const channel = new MessageChannel()
    channel.port1.onmessage = () => resolve(performance.now())
    channel.port2.postMessage(0)
  })
  look()
})
window.online = () => chat()?.session.link.value === 'online'
window.entries = () => chat().session.entries.value
"""
ARRIVE = """
async () => {
  const launcher = await painted(() => inside('.launcher')?.getBoundingClientRect().width > 0)
  const [host] = performance.getEntriesByName('first-contentful-paint')
  const clicked = performance.now()
  inside('.launcher').click()
  const usable = await painted(() => inside('textarea') && inside('.panel:focus-within') && online())
  return {launcher_ms: launcher, host_paint_ms: host?.startTime ?? launcher, usable_ms: usable - clicked}
}
"""
COME_BACK = """
async ([token, last]) => {
  await painted(() => inside('.launcher'))
  chat().open()
  await painted(() => inside('textarea') && online())
  const started = performance.now()
  chat().identify(token)
  const rows = () => [...chat().shadowRoot.querySelectorAll('.row')]
  const shown = await painted(() => rows().some(row => row.textContent.includes(last)))
  return shown - started
}
"""
LOAD_ALL = """
async ([token, all]) => {
  await painted(() => inside('.launcher'))
  chat().identify(token)
  chat().open()
  await painted(() => online() && entries().length)
  const times = []
  while (chat().session.hasMore.value && entries().length < all) {
    const known = entries().length
    const started = performance.now()
    await chat().session.loadOlder()
    const shown = await painted(() => entries().length > known)
    times.push(shown - started)
  }
  times.sort((a, b) => a - b)
  return {older_page_ms: times[times.length >> 1], loaded: entries().length}
}
"""
SCROLL = """
async step => {
  const list = inside('.list__scroller')
  list.scrollTop = 0
  await new Promise(resolve => setTimeout(resolve, 500))
  const deltas = []
  let rows = 0
  let before = await new Promise(requestAnimationFrame)
  while (list.scrollTop + list.clientHeight < list.scrollHeight - 2 && deltas.length < 4000) {
    list.scrollTop += step
    const now = await new Promise(requestAnimationFrame)
    deltas.push(now - before)
    before = now
    rows = Math.max(rows, chat().shadowRoot.querySelectorAll('.row').length)
  }
  return {deltas, rows}
}
"""


@contextmanager
def host_page(url: str) -> Iterator[str]:
    """A shop's page on an origin of its own that embeds the widget of the service at `url`; the page's address."""
    html = PAGE.format(url=url, words="商品介绍。" * 400).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(html)))
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, format: str, *values: Any) -> None:
            """Visits are no news."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


async def chromium(playwright: Playwright) -> Browser:
    """The Chromium that the set-up found."""
    found = STAMP.read_text().strip() if STAMP.exists() else str(SYSTEM) if SYSTEM.exists() else None
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return await playwright.chromium.launch(executable_path=found, args=["--disable-background-networking", *root])


class Visitor:
    """One visit in a browser context of its own, with nothing in the cache."""

    def __init__(self, browser: Browser, host: str) -> None:
        self._browser = browser
        self._host = host

    async def arrives(self) -> dict[str, float]:
        """On the slow line: milliseconds until the launcher is there, and from a click on it to a usable input."""
        page = await self._open(slow=True)
        measured: dict[str, float] = await page.evaluate(ARRIVE)
        await page.context.close()
        return measured

    async def comes_back(self, token: str, *, slow: bool) -> float:
        """Milliseconds from who it is, over a new connection, to the last page of the long conversation."""
        page = await self._open(slow=slow)
        measured: float = await page.evaluate(COME_BACK, [token, "1000. "])
        await page.context.close()
        return measured

    async def scrolls(self, token: str, messages: int) -> dict[str, float]:
        """Load the whole conversation, then scroll through it, at full speed and on the slow phone."""
        page = await self._open(slow=False)
        loaded = await page.evaluate(LOAD_ALL, [token, messages])
        assert loaded["loaded"] == messages, loaded
        fast = await page.evaluate(SCROLL, PIXELS_A_FRAME)
        await self._slow_down(page)
        slow = await page.evaluate(SCROLL, PIXELS_A_FRAME)
        await page.context.close()
        rows = {"older_page_ms": round(loaded["older_page_ms"]), "rows_in_document": slow["rows"]}
        return rows | _smoothness("fast", fast["deltas"]) | _smoothness("slow", slow["deltas"])

    async def _open(self, *, slow: bool) -> Page:
        context = await self._browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN")
        page = await context.new_page()
        await page.add_init_script(CLOCK)
        if slow:
            await self._slow_down(page)
        await page.goto(self._host, wait_until="commit")
        return page

    @staticmethod
    async def _slow_down(page: Page) -> None:
        devtools: Any = await page.context.new_cdp_session(page)
        await devtools.send("Network.enable")
        await devtools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LINE.latency_ms,
                "downloadThroughput": LINE.down_kbit * 1000 / 8,
                "uploadThroughput": LINE.up_kbit * 1000 / 8,
            },
        )
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})


def _smoothness(name: str, deltas: list[float]) -> dict[str, float]:
    """Of the times between frames (ms): how many, the 95th percentile, the share of those that were late."""
    late = sum(delta > LATE_MS for delta in deltas)
    return {
        f"frames_{name}": len(deltas),
        f"frame_p95_{name}_ms": round(sorted(deltas)[int(len(deltas) * 0.95)], 1),
        f"frames_late_{name}_percent": round(100 * late / len(deltas), 2),
    }
