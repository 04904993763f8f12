"""What is not out yet is ordered, promised and put aside, and leaves on its day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.models import FulfillmentOrder
from fulfillment.selectors import due_work, expected_of
from fulfillment.tasks import RELEASE_LETTERS, open_scheduled
from inventory import services as inventory
from inventory.errors import InsufficientStock
from oms.catalog.errors import KitHasNoStock, UnknownSku
from oms.catalog.models import Sku
from oms.catalog.services import set_release_date
from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import EventRecord, Job
from oms.core.states import TransitionNotAllowed
from orders.models import Order
from orders.reports import waiting_orders
from orders.selectors import status_url
from tests.importing import Files

SOON = timezone.localdate() + timedelta(days=20)


def out_on(world, sku, day=SOON):
    world.sku(sku)
    set_release_date(sku=sku, release_on=day, by=SYSTEM, at=timezone.now())


def states(world, order):
    return {
        tuple(sorted(work.lines.values_list("sku__code", flat=True))): work.status
        for work in world.works(order)
    }


def committed(world, units, on, sku="tea"):
    asked = world.ordered_from_supplier(**{sku: units})
    inventory.commit_replenishment(
        number=asked.number,
        answers=[inventory.Answer(sku=sku, parts=[inventory.Part(units, on)])],
        by=SYSTEM,
        at=timezone.now(),
    )
    return asked


def test_what_is_not_out_is_put_aside_and_the_rest_of_the_order_leaves(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    out_on(world, "tea")

    order = world.place("1", tea=2, cup=1)

    assert states(world, order) == {("tea",): "scheduled", ("cup",): "open"}
    assert world.available("tea") == {"rotterdam": 3}
    assert [line.allocated for line in order.lines.order_by("position")] == [2, 1]
    assert verify() == []


def test_nothing_goes_to_the_floor_before_the_day(world):
    world.stock("tea", rotterdam=5)
    out_on(world, "tea")
    [work] = world.works(world.place("1", tea=2))
    now = timezone.now()

    for act in (services.release_work, services.pick):
        with pytest.raises(TransitionNotAllowed):
            act(number=work.number, by=SYSTEM, at=now)
    assert not services.open_work(number=work.number, by=SYSTEM, at=now)
    assert not open_scheduled()

    work.refresh_from_db()
    assert work.status == "scheduled"
    assert work.lines.get().picked == 0


def test_on_the_day_of_its_location_work_opens_in_the_order_of_the_queue(world):
    world.location("newark")
    world.stock("tea", rotterdam=1, newark=2)
    out_on(world, "tea", datetime(2030, 5, 2, tzinfo=UTC).date())
    fields = {"placed_at": "2026-11-20T11:00:00+00:00"}
    there = {"shipping_address": {**world.order_body("x")["shipping_address"], "country": "US"}}
    late = world.place("late", tea=1)
    first = world.place("first", tea=1, fields={**fields, **there})
    second = world.place("second", tea=1, fields={**fields, **there})
    numbers = {order.external_id: world.works(order)[0].number for order in (late, first, second)}
    midnight_in_rotterdam = datetime(2030, 5, 1, 22, 1, tzinfo=UTC)
    midnight_in_newark = datetime(2030, 5, 2, 4, 1, tzinfo=UTC)

    assert due_work(at=midnight_in_rotterdam - timedelta(minutes=2), most=9) == []
    assert due_work(at=midnight_in_rotterdam, most=9) == [numbers["late"]]
    assert due_work(at=midnight_in_newark, most=9) == [
        numbers["first"],
        numbers["second"],
        numbers["late"],
    ]

    assert services.open_work(number=numbers["late"], by=SYSTEM, at=midnight_in_rotterdam)
    assert not services.open_work(number=numbers["late"], by=SYSTEM, at=midnight_in_rotterdam)
    assert not services.open_work(number=numbers["first"], by=SYSTEM, at=midnight_in_rotterdam)
    assert states(world, late) == {("tea",): "open"}
    assert EventRecord.objects.filter(name="fulfillment_order.opened").count() == 1


def test_the_routine_opens_what_is_due_once(world):
    world.stock("tea", rotterdam=5)
    out_on(world, "tea")
    orders = [world.place(tea=1) for _ in range(3)]
    Sku.objects.update(release_on=timezone.localdate() - timedelta(days=1))

    assert not open_scheduled()
    assert not open_scheduled()

    assert {status for order in orders for status in states(world, order).values()} == {"open"}
    assert EventRecord.objects.filter(name="fulfillment_order.opened").count() == 3


def test_units_that_come_early_are_put_aside_for_who_waits_and_not_picked(world):
    out_on(world, "tea")
    order = world.place("1", tea=2)
    assert order.lines.get().backordered == 2

    world.stock("tea", rotterdam=5)

    assert states(world, order) == {("tea",): "scheduled"}
    assert world.available("tea") == {"rotterdam": 3}
    assert verify() == []


def test_a_refusing_channel_sells_what_is_free_and_what_comes_by_the_day(world):
    world.channel("strict", stock_policy="refuse")
    world.stock("tea", rotterdam=2)
    committed(world, 5, SOON)
    committed(world, 9, SOON + timedelta(days=1))
    with pytest.raises(InsufficientStock, match="tea: 3 requested, 2 available"):
        world.place("0", channel="strict", tea=3)
    out_on(world, "tea")

    first = world.place("1", channel="strict", tea=4)
    with pytest.raises(InsufficientStock, match="tea: 4 requested, 3 available"):
        world.place("2", channel="strict", tea=4)
    second = world.place("3", channel="strict", tea=3)
    with pytest.raises(InsufficientStock, match="tea: 1 requested, 0 available"):
        world.place("4", channel="strict", tea=1)

    assert [order.lines.get().backordered for order in (first, second)] == [2, 3]
    assert Order.objects.count() == 2
    world.place("5", channel="shop", tea=50)
    assert verify() == []


def test_of_what_comes_a_channels_buffer_is_kept_back(world):
    world.channel("strict", stock_policy="refuse")
    world.location("rotterdam")
    committed(world, 5, SOON)
    inventory.set_channel_buffer(channel="strict", sku="tea", units=2, by=SYSTEM, at=timezone.now())
    out_on(world, "tea")

    with pytest.raises(InsufficientStock, match="tea: 4 requested, 3 available"):
        world.place("1", channel="strict", tea=4)
    world.place("2", channel="strict", tea=3)


def test_moving_the_day_moves_what_waits_and_tells_the_customers(world, mailoutbox):
    world.stock("tea", rotterdam=2)
    out_on(world, "tea")
    aside = world.place("1", tea=2)
    waits = world.place("2", tea=1)
    world.stock("cup", rotterdam=1)
    world.place("3", cup=1)
    jobs.drain("mail")
    mailoutbox.clear()
    later = SOON + timedelta(days=30)

    out_on(world, "tea", later)
    assert Job.objects.filter(kind=RELEASE_LETTERS.name).count() == 2
    jobs.drain("release_letters")
    jobs.drain("mail")

    assert {str(mail.subject).split(":")[0] for mail in mailoutbox} == {"Tea"}
    assert len(mailoutbox) == 2
    assert all("comes out on" in mail.body for mail in mailoutbox)
    at = timezone.make_aware(datetime.combine(SOON, datetime.min.time())) + timedelta(hours=12)
    assert due_work(at=at, most=9) == []
    assert len(due_work(at=at + timedelta(days=30), most=9)) == 1
    assert states(world, aside) == {("tea",): "scheduled"}
    committed(world, 1, SOON)
    [told] = expected_of(waits, list(waits.lines.all()))
    assert told.expected_on == later
    assert verify() == []


def test_a_day_that_is_taken_away_lets_the_work_begin(world, mailoutbox):
    world.stock("tea", rotterdam=2)
    out_on(world, "tea")
    order = world.place("1", tea=2)

    out_on(world, "tea", None)
    open_scheduled()

    assert states(world, order) == {("tea",): "open"}


def test_a_day_is_set_once_and_only_for_what_has_stock_of_its_own(world):
    world.sku("tea")
    world.sku("cup")
    world.kit("set", tea=1, cup=1)
    now = timezone.now()

    assert set_release_date(sku="tea", release_on=SOON, by=SYSTEM, at=now)
    assert not set_release_date(sku="tea", release_on=SOON, by=SYSTEM, at=now)
    with pytest.raises(KitHasNoStock):
        set_release_date(sku="set", release_on=SOON, by=SYSTEM, at=now)
    with pytest.raises(UnknownSku):
        set_release_date(sku="coal", release_on=SOON, by=SYSTEM, at=now)
    assert EventRecord.objects.filter(name="sku.release_moved").count() == 1


def test_a_file_of_products_sets_and_moves_days(world, tmp_path):
    files = Files(tmp_path)
    files.bring_in("products", f"sku,name,release_on\ntea,Tea,{SOON}\ncup,Cup,\n")
    assert dict(Sku.objects.values_list("code", "release_on")) == {"tea": SOON, "cup": None}
    later = SOON + timedelta(days=2)

    files.bring_in("products", f"sku,name,release_on\ntea,Tea,{later}\ncup,Cup,\n")
    files.bring_in("products", "sku,name\ntea,Green tea\n")

    assert Sku.objects.get(code="tea").release_on == later
    moves = EventRecord.objects.filter(name="sku.release_moved").order_by("id")
    assert [each.payload["release_on"] for each in moves] == [SOON.isoformat(), later.isoformat()]


def test_availability_says_the_day(world):
    world.stock("tea", rotterdam=3)
    world.stock("cup", rotterdam=3)
    world.kit("set", tea=1, cup=1)
    out_on(world, "tea")

    answer = world.api("shop").get("/api/v1/availability/?sku=tea&sku=cup&sku=set").json()

    assert [each["release_on"] for each in answer["results"]] == [
        SOON.isoformat(),
        None,
        SOON.isoformat(),
    ]


def test_scheduled_work_is_cancelled_and_rerouted_like_any_other(world):
    world.stock("tea", rotterdam=2, leipzig=2)
    out_on(world, "tea")
    order = world.place("1", tea=2)
    [work] = world.works(order)

    services.reject(number=work.number, reason="closed", by=SYSTEM, at=timezone.now())
    again = FulfillmentOrder.objects.exclude(pk=work.pk).get()
    assert (again.location.code, again.status) == ("leipzig", "scheduled")

    world.api("shop").post(
        f"/api/v1/orders/{order.number}/cancel/", {"reason": "Changed"}, format="json"
    )
    assert world.available("tea") == {"leipzig": 2, "rotterdam": 2}
    assert verify() == []


def test_the_customer_reads_the_day_in_the_confirmation_and_on_the_page(world, client, mailoutbox):
    world.stock("tea", rotterdam=2)
    world.stock("cup", rotterdam=2)
    out_on(world, "tea")
    order = world.place("1", tea=1, cup=1)

    jobs.drain("mail")
    assert "Not out yet" in mailoutbox[0].body
    page = client.get(status_url(order).removeprefix("http://localhost:8000"), follow=True)
    text = page.content.decode()
    assert "Comes out on" in text
    assert "Being prepared" in text
    assert text.count('<li><span class="num">1') == 2


def test_who_waits_for_the_day_is_no_order_that_waits_too_long(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    out_on(world, "tea")
    world.place("early", tea=1)
    both = world.place("both", tea=1, cup=1)

    found = waiting_orders(placed_before=timezone.now(), most=9)

    assert [each.number for each in found] == [both.number]
