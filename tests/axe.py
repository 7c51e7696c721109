"""What axe-core finds on a page, for the tests: it comes with the page's tools."""

from pathlib import Path

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
# Frames that something else brings are not ours; all else that axe knows is checked, recommendations as well.
# What unfolds is looked at when it has.
RUN = """async ([include, exclude]) => {
  const moving = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(moving.map((one) => one.finished));
  const { violations } = await axe.run({ include, exclude }, { iframes: false });
  const told = (rule, { target, html }) => `${rule.id}: ${rule.help}: ${target}: ${html}`;
  return violations.flatMap((rule) => rule.nodes.map((node) => told(rule, node)));
}"""


def violations(page, include=("html",), exclude=()):
    """One line for each element of Chromium's page, within what these selectors name, that breaks a rule."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    present = [selector for selector in include if page.locator(selector).count()]
    assert present, f"none of {include} is on the page"
    return page.evaluate(RUN, [[[s] for s in present], [[s] for s in exclude]])
