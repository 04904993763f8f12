"""What a channel means by its codes is said once, and every line that waits for it goes on."""

import pytest
from django.utils import timezone

from oms.channels.models import ChannelSku
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders import services
from orders.adapters.parts import Cancellation, Fulfillment, Units
from orders.errors import NothingNamed, SkuStillUnknown
from orders.models import Hold, OrderLine
from tests.orders.following.telling import Told, item, parts

pytestmark = pytest.mark.django_db


def match(**fields):
    return services.match_sku(
        channel="shopify", by=SYSTEM, at=timezone.now(), **{"sku": "tea", **fields}
    )


def held(order):
    standing = Hold.objects.filter(order=order, released_at__isnull=True)
    return sorted(standing.values_list("kind", flat=True))


def lines(order):
    found = OrderLine.objects.filter(order=order).order_by("position")
    return [(line.sku_code, line.quantity, line.allocated) for line in found]


def test_an_order_with_an_unknown_sku_is_kept_and_nothing_of_it_is_promised(world, tell):
    world.stock("tea", rotterdam=5)

    kept = tell(parts(item("tea", 1), item("moon", 2)))

    assert kept.state == "in_step"
    assert (held(tell.order), lines(tell.order)) == (
        ["unknown_sku"],
        [("tea", 1, 0), ("moon", 2, 0)],
    )
    assert tell.order.total_amount == 30
    assert Hold.objects.get().reason == "Not in the catalog: moon"
    assert not verify()


def test_once_it_is_known_every_order_that_waits_goes_on(world, tell):
    world.stock("tea", rotterdam=9)
    other = Told(world)
    other_report = other.report(parts(item("Tea Tin", 2, key="9")))
    tell(parts(item("Tea Tin", 1, key="9"), item("cup", 1, key="10")))
    services.take_in(
        channel=world.principal("shopify"),
        reports=[type(other_report)("1002", other_report.parts, other_report.as_of)],
        message=type("A", (), {"number": "IN-2", "received_at": other_report.as_of})(),
    )

    matched = match(code="Tea Tin")

    assert (matched.lines, len(matched.released)) == (2, 1)
    assert held(tell.order) == ["unknown_sku"]
    world.stock("cup", rotterdam=1)
    match(code="cup", sku="cup")
    assert (held(tell.order), lines(tell.order)) == ([], [("tea", 1, 1), ("cup", 1, 1)])
    assert not verify()


def test_the_next_order_finds_what_was_kept_and_a_listing_goes_before_a_code(world, tell):
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    world.channel("shopify")
    match(listing="v-7")
    match(code="A", sku="cup")

    tell(parts(item("A", 1, key="1", listing="v-7"), item("A", 2, key="2")))

    assert (held(tell.order), lines(tell.order)) == ([], [("tea", 1, 1), ("cup", 2, 2)])


def test_a_barcode_that_only_one_sku_has_is_enough(world, tell):
    world.stock("tea", rotterdam=9)

    tell(parts(item("bc-tea", 1)))

    assert lines(tell.order) == [("tea", 1, 1)]


def test_a_kit_that_becomes_known_is_taken_apart(world, tell):
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    world.kit("gift", tea=2, cup=1)
    tell(parts(item("Gift box", 3, "10.01", key="1"), item("tea", 1), discount="0.07"))

    match(code="Gift box", sku="gift")

    assert lines(tell.order) == [("tea", 6, 6), ("tea", 1, 1), ("cup", 3, 3)]
    kept = tell({"cancellation": Cancellation()})
    assert (kept.state, tell.order.status) == ("in_step", "cancelled")
    assert not verify()


def test_a_custom_item_is_matched_line_by_line(world, tell):
    world.stock("tea", rotterdam=9)
    tell(parts(item("", 1, key="1"), item("", 2, key="2")))

    services.match_line(number=tell.order.number, line=1, sku="tea", by=SYSTEM, at=timezone.now())

    assert (held(tell.order), lines(tell.order)) == (["unknown_sku"], [("tea", 1, 0), ("", 2, 0)])
    services.match_line(number=tell.order.number, line=2, sku="tea", by=SYSTEM, at=timezone.now())
    assert (held(tell.order), lines(tell.order)) == ([], [("tea", 1, 1), ("tea", 2, 2)])


def test_a_hold_for_an_unknown_sku_is_not_released_by_hand(world, tell):
    tell(parts(item("moon", 2)))

    with pytest.raises(SkuStillUnknown):
        services.release_hold(number=tell.order.number, kind="unknown_sku", by=SYSTEM)

    assert held(tell.order) == ["unknown_sku"]


def test_a_line_that_turns_out_unknown_in_an_edit_holds_the_order(world, tell):
    world.stock("tea", rotterdam=9)
    tell(parts(item("tea", 1)))

    kept = tell(parts(item("tea", 1), item("moon", 2, listing="v-9")))

    assert (kept.state, held(tell.order)) == ("in_step", ["unknown_sku"])
    assert lines(tell.order) == [("tea", 1, 1), ("moon", 2, 0)]
    match(listing="v-9")
    assert (held(tell.order), lines(tell.order)) == ([], [("tea", 1, 1), ("tea", 2, 2)])
    assert not verify()


def test_what_was_kept_is_forgotten_and_lines_stay(world, tell):
    world.channel("shopify")
    world.sku("tea")
    match(code="A")

    assert services.forget_match(channel="shopify", code="A", by=SYSTEM)
    assert not ChannelSku.objects.exists()
    with pytest.raises(NothingNamed):
        match()


def test_what_left_before_its_sku_was_known_leaves_our_stock_then(world, tell):
    world.stock("tea", rotterdam=9)
    tell(parts(item("A", 2, key="1")))
    kept = tell({"fulfillment:5": Fulfillment((Units("1", 2),), tracking_numbers=("T",))})
    assert kept.state == "behind"

    match(code="A")
    services.follow_due(at=timezone.now(), most=9)

    assert (tell.kept.state, tell.order.status) == ("in_step", "completed")
    assert world.on_hand("tea") == {"rotterdam": 7}
    assert not verify()
