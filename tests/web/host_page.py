"""A shop's own page on an origin of its own, with a strict policy, that embeds the widget by the one tag."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page

PAGE = """<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Host</title>
    <link rel="icon" href="data:,">
    <script src="/watch.js"></script>
    {head}
  </head>
  <body>
    <h1>Host</h1>
    <p>{words}</p>
    {body}
  </body>
</html>
"""

# What the page itself learns: shifts of its own layout (what moves within the chat has no node here, or one in a shadow
# tree), and what its policy forbade.
WATCH = """
const ours = ({node}) => node && node.getRootNode() === document && node.nodeName !== 'SHOP-CHAT';
window.shifts = []; window.violations = [];
document.addEventListener('securitypolicyviolation', e => violations.push(`${e.violatedDirective} ${e.blockedURI}`));
new PerformanceObserver(list => shifts.push(
  ...list.getEntries().filter(({sources}) => !sources.length || sources.some(ours)).map(({value}) => value)))
  .observe({type: 'layout-shift', buffered: true});
"""
NO_STORAGE = """
for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, {get() { throw new DOMException('forbidden', 'SecurityError'); }});
"""


def strict_policy(service: str) -> str:
    """What docs/widget.md asks a host page to allow, and nothing else but the host's own script."""
    socket = service.replace("http", "ws", 1)
    return (
        f"default-src 'none'; script-src 'self' {service}; connect-src {service} {socket}; "
        f"img-src {service} blob: data:"
    )


@dataclass
class Host:
    """Its addresses: `url` has the tag in its head, `url + "/late"` in its body, `url + "/bare"` none."""

    url: str

    async def violations(self, page: Page) -> list[str]:
        """What the page's policy forbade."""
        found: list[str] = await page.evaluate("window.violations")
        return found

    async def shifts(self, page: Page) -> list[float]:
        """How much the page's own layout moved."""
        found: list[float] = await page.evaluate("window.shifts")
        return found


@asynccontextmanager
async def host_page(service: str, attributes: str = "") -> AsyncIterator[Host]:
    """Serve it while the block runs, at `localhost`: another site than the service's 127.0.0.1."""
    tag = f'<script src="{service}/widget.js" data-shop="host" {attributes} async></script>'
    headers = {"Content-Security-Policy": strict_policy(service)}
    words = "商品介绍。" * 1500

    def page(head: str = "", body: str = "") -> web.Response:
        text = PAGE.format(head=head, body=body, words=words)
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def early(_request: web.Request) -> web.Response:
        return page(head=tag)

    async def late(_request: web.Request) -> web.Response:
        return page(body=tag)

    async def bare(_request: web.Request) -> web.Response:
        return page()

    async def forgetful(_request: web.Request) -> web.Response:
        return page(head=f'<script src="/no-storage.js"></script>{tag}')

    async def watch(_request: web.Request) -> web.Response:
        return web.Response(text=WATCH, content_type="text/javascript")

    async def no_storage(_request: web.Request) -> web.Response:
        return web.Response(text=NO_STORAGE, content_type="text/javascript")

    app = web.Application()
    app.add_routes(
        [
            web.get("/", early),
            web.get("/late", late),
            web.get("/bare", bare),
            web.get("/forgetful", forgetful),
            web.get("/watch.js", watch),
            web.get("/no-storage.js", no_storage),
        ]
    )
    server = TestServer(app)
    await server.start_server()
    try:
        yield Host(f"http://localhost:{server.port}")
    finally:
        await server.close()
