"""A kit is sold as one SKU and kept as its components: what can be one, and what cannot."""

import pytest
from django.utils import timezone

from inventory import services as inventory
from inventory.errors import KeptAsStock
from inventory.models import StockLevel
from inventory.services.transfers import Wanted
from oms.catalog.errors import KitHasNoStock, KitInKit, KitTooLarge, PartOfKits, UnknownSku
from oms.catalog.models import KitComponent, Sku
from oms.catalog.services import set_kit
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import EventRecord
from orders.errors import AskedForByOrders
from orders.services import cancel_order


def make(sku="gift", **components):
    return set_kit(sku=sku, components=components, by=SYSTEM, at=timezone.now())


def content(sku="gift"):
    rows = KitComponent.objects.filter(kit__code=sku).order_by("position")
    return dict(rows.values_list("component__code", "quantity"))


@pytest.fixture
def shop(world):
    for code in ("gift", "tea", "cup"):
        world.sku(code)
    return world


def test_a_kit_is_told_what_it_is_made_of_and_can_be_told_otherwise(shop):
    assert make(tea=2, cup=1) is True
    assert content() == {"tea": 2, "cup": 1}
    assert Sku.objects.get(code="gift").is_kit

    assert make(tea=2, cup=1) is False
    assert make(cup=3) is True
    assert content() == {"cup": 3}

    assert make() is True
    assert content() == {}
    assert not Sku.objects.get(code="gift").is_kit
    told = EventRecord.objects.filter(name="kit.changed", subject="gift").order_by("id")
    assert [fact.payload["components"] for fact in told] == [{"tea": 2, "cup": 1}, {"cup": 3}, {}]
    assert [fact.payload["before"] for fact in told] == [{}, {"tea": 2, "cup": 1}, {"cup": 3}]


@pytest.mark.parametrize(
    ("sku", "components", "refusal"),
    [
        ("gift", {"gift": 1}, KitInKit),
        ("gift", {"set": 1}, KitInKit),
        ("tea", {"cup": 1}, PartOfKits),
        ("gift", {"nothing": 1}, UnknownSku),
        ("nothing", {"tea": 1}, UnknownSku),
        ("gift", {f"part-{n}": 1 for n in range(51)}, KitTooLarge),
    ],
)
def test_what_cannot_be_a_kit_is_refused_and_nothing_changes(shop, sku, components, refusal):
    shop.kit("set", tea=1)

    with pytest.raises(refusal):
        make(sku, **components)

    assert list(Sku.objects.filter(is_kit=True).values_list("code", flat=True)) == ["set"]
    assert KitComponent.objects.count() == 1


def test_what_is_kept_as_stock_or_bought_cannot_become_a_kit(shop):
    shop.stock("gift", rotterdam=1)
    with pytest.raises(KeptAsStock):
        make(tea=1)

    shop.sku("box")
    shop.supplier("leaf", box={"cost": 1})
    with pytest.raises(KeptAsStock):
        make("box", tea=1)
    assert not Sku.objects.filter(is_kit=True).exists()


def test_what_open_orders_ask_for_stays_what_it_is(shop):
    plain = shop.place(gift=1)
    with pytest.raises(AskedForByOrders, match=plain.number):
        make(tea=1)

    cancel_order(number=plain.number, reason="No stock", by=SYSTEM)
    make(tea=1)
    order = shop.place(gift=1)
    with pytest.raises(AskedForByOrders, match=order.number):
        make()
    make(tea=2)

    assert content() == {"tea": 2}
    assert [line.quantity for line in order.lines.all()] == [1]


@pytest.mark.parametrize(
    "do",
    [
        lambda world, gift, now: inventory.receive(
            arrivals=[inventory.Arrival(gift, world.location("rotterdam"), 1)],
            reference="x",
            by=SYSTEM,
            at=now,
        ),
        lambda world, gift, now: inventory.adjust(
            sku="gift", location="rotterdam", quantity_delta=1, reason="x", by=SYSTEM, at=now
        ),
        lambda world, gift, now: inventory.transfer(
            sku="gift",
            from_location="rotterdam",
            to_location="leipzig",
            quantity=1,
            reason="x",
            by=SYSTEM,
            at=now,
        ),
        lambda world, gift, now: inventory.set_reorder_rules(
            sku="gift",
            location="rotterdam",
            reorder_point=1,
            reorder_up_to=2,
            safety_stock=0,
            by=SYSTEM,
            at=now,
        ),
        lambda world, gift, now: inventory.request_count(
            location="rotterdam", skus=["gift"], by=SYSTEM, at=now
        ),
        lambda world, gift, now: inventory.request_transfer(
            source="rotterdam",
            target="leipzig",
            lines=[Wanted("gift", 1)],
            key="k",
            by=SYSTEM,
            at=now,
        ),
        lambda world, gift, now: inventory.set_channel_buffer(
            channel="shop", sku="gift", units=1, by=SYSTEM, at=now
        ),
        lambda world, gift, now: inventory.save_supply(
            supplier="leaf", sku="gift", cost=1, currency="EUR", by=SYSTEM, at=now
        ),
    ],
    ids=["receive", "adjust", "move", "reorder", "count", "transfer", "buffer", "buy"],
)
def test_a_kit_has_no_stock_of_its_own(shop, do):
    gift = shop.kit("gift", tea=1)
    shop.location("rotterdam"), shop.location("leipzig"), shop.channel("shop")
    shop.supplier("leaf")

    with pytest.raises(KitHasNoStock, match="gift"):
        do(shop, gift, timezone.now())

    assert not StockLevel.objects.filter(sku=gift).exists()


def test_the_books_name_a_kit_that_lies_somewhere(shop):
    shop.kit("gift", tea=1)
    assert list(verify(["kits_lie_nowhere"])) == []

    StockLevel.objects.create(sku=Sku.objects.get(code="gift"), location=shop.location("leipzig"))

    assert [each.row["sku"] for each in verify(["kits_lie_nowhere"])] == ["gift"]
