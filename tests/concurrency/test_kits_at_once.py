"""A SKU becomes a kit while its first units come in: one of the two is refused."""

import multiprocessing
import time

import pytest
from django.utils import timezone

from inventory import selectors
from inventory.services import levels
from oms.catalog.services import set_kit
from oms.core.actors import SYSTEM
from oms.core.books import verify
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def both(world, monkeypatch):
    """Make a kit, and receive units of it after it was found that none were ever there."""
    world.sku("gift"), world.sku("tea"), world.location("rotterdam")
    looked = multiprocessing.get_context("fork").Event()
    really = selectors.is_kept_as_stock

    def slowly(sku_id):
        found = really(sku_id)
        looked.set()
        time.sleep(0.5)
        return found

    monkeypatch.setattr(selectors, "is_kept_as_stock", slowly)

    def make():
        return set_kit(sku="gift", components={"tea": 1}, by=SYSTEM, at=timezone.now())

    def receive():
        assert looked.wait(10)
        world.stock("gift", rotterdam=1)
        return "received"

    return [make, receive]


def test_what_becomes_a_kit_is_not_received_meanwhile(both):
    assert race(both) == [True, "KitHasNoStock"]
    assert list(verify(["kits_lie_nowhere"])) == []


def test_of_two_that_would_hold_one_another_one_becomes_a_kit(world):
    for code in ("gift", "box", "tea"):
        world.sku(code)

    def make(sku, component):
        return lambda: set_kit(sku=sku, components={component: 1}, by=SYSTEM, at=timezone.now())

    outcome = race([make("gift", "box"), make("box", "tea")])

    assert sorted(outcome, key=str) in ([True, "KitInKit"][::-1], ["PartOfKits", True])
    assert list(verify(["kits_lie_nowhere"])) == []


def test_without_the_lock_a_kit_lies_somewhere(both, monkeypatch):
    """The control: the same race, without the lock under which a first stock level is made."""
    monkeypatch.setattr(levels, "KINDS", levels.KINDS.replace(" FOR SHARE", ""))

    assert race(both) == [True, "received"]
    assert [found.row["sku"] for found in verify(["kits_lie_nowhere"])] == ["gift"]
