"""axe-core in the page: what keeps people with disabilities out, by WCAG 2.1 AA. It looks into shadow roots."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from bot.settings import ROOT

SCRIPT = (ROOT / "bot/web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
RUN = """
async within => {
  const found = await axe.run(within ?? document, {
    runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa']},
    resultTypes: ['violations'],
  })
  return found.violations.filter(({impact}) => impact === 'serious' || impact === 'critical')
}
"""
SETTLED = "Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => null)))"


async def barriers(page: Page) -> list[str]:
    """Serious and critical violations as `rule: element`; colours are judged when nothing moves any more."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(SCRIPT)  # by the debugger: the page's own policy lets no other script in
    await page.evaluate(SETTLED)
    violations: list[dict[str, Any]] = await page.evaluate(RUN, None)
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}\n  {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
