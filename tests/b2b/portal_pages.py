"""The portal in few words: who is signed in, what a page says, what is handed in."""

from decimal import Decimal

import pytest

from b2b.models import PurchaseOrder

HOME = "/b2b/portal/"


@pytest.fixture
def bo(world, office):
    """Bo, who buys for Café Vermeer; its prices are ours, EUR 10.00 each."""
    for code in ("TEA-01", "CUP-02"):
        world.sku(code, price=Decimal("10.00"), currency="EUR")
    return world.browser(office.buyer("bo").user)


def words(answer):
    """What a page says, its values and links left in."""
    return answer.content.decode().replace("<bdi>", "").replace("</bdi>", "")


def body(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return words(answer)


def grid(*rows, **more):
    cells = {"sku": [row[0] for row in rows], "quantity": [row[1] for row in rows]}
    return {**cells, **more}


def lines_of(document):
    return list(document.lines.order_by("position").values_list("sku_code", "quantity"))


def only_draft():
    return PurchaseOrder.objects.get(status="draft")


def hand_in(browser, document, *rows, **more):
    """Look it over and hand it in, at the total that was shown."""
    page = f"{HOME}order/{document.number}/review/"
    rows = rows or [(code, str(units)) for code, units in lines_of(document)]
    seen = browser.post(page, grid(*rows, step="look", ship_to="Café", **more)).context["total"]
    return browser.post(page, grid(*rows, step="submit", ship_to="Café", seen=str(seen), **more))
