"""What hands do on our pages: press, scan, go from field to field, and see the answer."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

MOST_TABS = 60
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return { name: "", seen: false };
  const words = [at.getAttribute("aria-label"), at.labels?.[0]?.textContent, at.textContent];
  const shows = (node) => {
    const look = getComputedStyle(node);
    return look.outlineStyle !== "none" || look.boxShadow !== "none";
  };
  const copy = at.cloneNode(true);
  copy.querySelectorAll?.("kbd").forEach((each) => each.remove());
  words[2] = copy.textContent;
  return {
    name: (words.find(Boolean) ?? "").replace(/\\s+/g, " ").trim(),
    seen: shows(at) || Boolean(at.closest(".o-scan, .o-search")),
  };
}"""


@dataclass(frozen=True)
class Focused:
    """What has the focus, by its words, and whether a person can tell."""

    name: str
    is_seen: bool


def press(page: Page, name: str) -> None:
    """Click the one visible button of this name."""
    buttons = page.get_by_role("button", name=name, exact=True)
    buttons.filter(visible=True).click()


def scan(page: Page, code: str, answer: str, tone: str = "done") -> None:
    """Type a code as a scanner does, end it with Enter, and wait for the verdict that says so."""
    page.get_by_label(re.compile("^Scan or type")).click()
    page.keyboard.insert_text(code)
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-verdict="{tone}"]')).to_contain_text(answer)


def focused(page: Page) -> Focused:
    found = page.evaluate(FOCUS)
    return Focused(found["name"], found["seen"])


def tab_to(page: Page, name: str) -> None:
    """Press Tab until this has the focus; all that is passed on the way shows that it has it."""
    passed = []
    for _ in range(MOST_TABS):
        at = focused(page)
        if at.name == name:
            return
        page.keyboard.press("Tab")
        at = focused(page)
        passed.append(at.name)
        assert at.is_seen or not at.name, f"nobody sees that {at.name!r} has the focus"
    raise AssertionError(f"{name!r} is not reached by Tab, only {passed}")
