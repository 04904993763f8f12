"""The demo's shelves show what lots and holds are for, and are laid out once."""

from django.utils import timezone

from inventory.demo_shelves import shelves
from inventory.models import Bin, Quant, Zone
from oms.core.books import verify
from oms.core.demo import Demo
from tests.inventory.test_moving import put


def test_the_demo_lays_out_its_shelves_once(world):
    for sku in ("MATCHA-30", "HONEY-HEATHER", "BISCUIT-OAT", "MUG-DAILY-SAGE"):
        put(world, 5, "A-01-1", at="ROT", sku=sku)

    for _ in range(2):
        shelves(Demo(now=timezone.now()))

    assert Zone.objects.count() == 6
    assert Bin.objects.get(code="A-01-1").zone.code == "A"
    held = Quant.objects.exclude(state="available").order_by("level__sku__code")
    assert [(each.level.sku.code, each.state, each.quantity) for each in held] == [
        ("BISCUIT-OAT", "quarantine", 18),
        ("HONEY-HEATHER", "quarantine", 6),
        ("MUG-DAILY-SAGE", "damaged", 1),
    ]
    assert [each.bin for each in Quant.objects.filter(lot="M-2611")] == ["IN-1"]
    assert verify() == []
