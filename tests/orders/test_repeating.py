"""An order that came again with other content is refused, told field by field, and decided once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.states import TransitionNotAllowed
from orders import services
from orders.adapters.native.documents import read_order
from orders.errors import NothingToEdit, RepeatNotFound
from orders.models import Order, OrderChange, OrderLine, OrderRepeat
from orders.rules.differences import said
from orders.words_repeats import field_in_words
from tests.concurrency.racing import race


@pytest.fixture
def shop(world):
    """What a shop sends of its order 1001, and its client."""
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    body = world.order_body("1001", tea=2, cup=1)
    return world.api("shop"), body


def send(api, body, key="k1"):
    return api.post("/api/v1/orders/", body, format="json", headers={"Idempotency-Key": key})


def other(body, **fields):
    """The same order with a cup more of it, and other words."""
    first, second = body["lines"]
    return {**body, "lines": [first, {**second, "quantity": 2}], **fields}


def twice(shop, **fields):
    api, body = shop
    assert send(api, body).status_code == 201
    answer = send(api, other(body, **fields), "k2")
    assert answer.status_code == 409, answer.content
    return answer.json()


def settle(verb=services.treat_as_edit, number=None, digest=None, by=SYSTEM):
    repeat = OrderRepeat.objects.select_related("order").get()
    return verb(
        order=number or repeat.order.number,
        digest=digest or repeat.digest,
        by=by,
        at=timezone.now(),
    )


def units():
    return dict(OrderLine.objects.order_by("position").values_list("sku_code", "quantity"))


@pytest.mark.django_db
def test_it_is_refused_and_kept_once_however_often_it_comes(world, shop):
    problem = twice(shop, notes="Ring twice")
    api, body = shop
    for key in ("k2", "k3", "k4"):
        assert send(api, other(body, notes="Ring twice"), key).status_code == 409

    [repeat] = OrderRepeat.objects.all()
    assert repeat.differences == problem["differences"]
    assert [each["field"] for each in repeat.differences] == ["notes", "lines[1].quantity"]
    assert (repeat.left, repeat.times, repeat.state) == (["notes"], 3, "open")
    assert units() == {"tea": 2, "cup": 1}


@pytest.mark.django_db
def test_treated_as_an_edit_it_is_a_change_that_somebody_confirms(world, shop):
    twice(shop, shipping={"method": "", "amount": "2.50"})
    order = Order.objects.get()

    change = settle()
    assert settle() == change
    assert units() == {"tea": 2, "cup": 1}
    services.confirm_change(number=order.number, change=change.number, by=SYSTEM)

    order.refresh_from_db()
    assert units() == {"tea": 2, "cup": 2}
    assert order.shipping_amount == Decimal("2.50")
    assert OrderChange.objects.count() == 1
    assert OrderRepeat.objects.get().state == "edited"
    assert verify() == []


@pytest.mark.django_db
def test_lines_come_and_go_and_goods_go_elsewhere(world, shop):
    world.stock("pot", rotterdam=9)
    api, body = shop
    send(api, body)
    first, _second = body["lines"]
    lines = [first, {**first, "sku": "pot", "external_id": "", "quantity": 3}]
    to = {**body["shipping_address"], "line1": "Kade 9"}

    send(api, {**body, "lines": lines, "shipping_address": to}, "k2")
    change = settle()
    order = Order.objects.get()
    services.confirm_change(number=order.number, change=change.number, by=SYSTEM)

    order.refresh_from_db()
    assert units() == {"tea": 2, "cup": 0, "pot": 3}
    assert order.ship_to.line1 == "Kade 9"
    assert verify() == []


@pytest.mark.django_db
def test_what_no_edit_takes_over_is_only_told(shop):
    api, body = shop
    send(api, body)
    send(api, {**body, "notes": "Ring twice"}, "k2")

    with pytest.raises(NothingToEdit):
        settle()
    with pytest.raises(RepeatNotFound):
        settle(digest="other")
    assert OrderRepeat.objects.get().state == "open"


@pytest.mark.django_db
def test_ours_left_as_it_is_stays_so(shop):
    twice(shop)

    settle(services.leave_repeat)
    settle(services.leave_repeat)

    with pytest.raises(TransitionNotAllowed):
        settle()
    assert not OrderChange.objects.exists()
    api, body = shop
    send(api, other(body), "k9")
    assert [each.state for each in OrderRepeat.objects.all()] == ["left"]


@pytest.mark.django_db
def test_orders_sent_together_keep_theirs_too(world, shop):
    api, body = shop
    send(api, body)

    answer = api.post(
        "/api/v1/orders/bulk/",
        {"orders": [other(body), world.order_body("1002", tea=1)]},
        format="json",
        headers={"Idempotency-Key": "b1"},
    )

    assert [each["status"] for each in answer.json()["results"]] == ["refused", "created"]
    assert OrderRepeat.objects.get().order.external_id == "1001"


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_change_of_it(world, shop):
    twice(shop)

    def edit():
        return settle().number

    def leave():
        try:
            settle(services.leave_repeat)
        except TransitionNotAllowed:
            return "refused"
        return "left"

    numbers = race([edit, edit])

    assert len(set(numbers)) == 1
    assert OrderChange.objects.count() == 1
    assert race([leave, leave]) == ["refused", "refused"]


@pytest.mark.django_db
def test_staff_see_what_differs_and_decide(world, shop):
    desk = world.browser(world.user("kim", role="operations"))
    assert "Nothing came again" in desk.get("/orders/repeats/").content.decode()
    twice(shop, notes="Ring twice")
    [repeat] = OrderRepeat.objects.all()
    number = repeat.order.number

    with CaptureQueriesContext(
        connection,
    ) as one:
        page = desk.get("/orders/repeats/").content.decode()
    api, body = shop
    send(api, {**body, "notes": "More"}, "k7")
    send(api, {**body, "notes": "Most"}, "k8")
    with CaptureQueriesContext(connection) as three:
        desk.get("/orders/repeats/")
    assert len(one) == len(three)
    for words in ("Ring twice", "Notes", "Line 2, quantity", "Treat as an edit", number):
        assert words in page

    said = {"order": number, "digest": repeat.digest}
    answer = desk.post("/orders/repeats/edit/", said)
    change = OrderChange.objects.get()
    assert answer.headers["Location"] == f"/orders/{number}/changes/{change.number}/"
    assert desk.get(answer.headers["Location"]).status_code == 200
    assert desk.post("/orders/repeats/leave/", said).status_code == 302
    assert OrderRepeat.objects.get(pk=repeat.pk).state == "edited"
    assert desk.post("/orders/repeats/leave/", {"order": "SO-0\0", "digest": ""}).status_code == 302


@pytest.mark.django_db
def test_who_may_not_change_orders_may_not_decide(world, shop):
    twice(shop)
    floor = world.browser(world.user("ola", role="warehouse"))

    assert floor.post("/orders/repeats/leave/", {}).status_code == 403
    assert OrderRepeat.objects.get().state == "open"


def test_every_field_that_can_differ_has_words(world):
    names = said(read_order(world.order_body("1", tea=1)))

    assert [each for each in names if field_in_words(each) == each] == []
    assert field_in_words("lines[0].unit_price") == "Line 1, unit price"
    assert field_in_words("shipping_address.line1") == "Shipping address, line 1"
    assert field_in_words("placed_at") == "Placed at"
    assert field_in_words("of another day") == "of another day"
