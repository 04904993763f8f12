"""Cancelling is shown before it is done, and refused by the field."""

from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from orders import services
from orders.models import Order
from orders.states import OrderStatus
from tests.orders.pages import desk as desk
from tests.orders.pages import reported, text


def test_cancelling_shows_what_would_happen_and_does_nothing_yet(world, desk):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3, paid=True)
    before = list(EventRecord.objects.values_list("id", flat=True))

    response = desk.post(
        f"/orders/{order.number}/cancel/",
        {"line-1": "2", "reason": "Too many", "step": "preview"},
    )

    page = text(response)
    for words in (
        f"Cancel 2 units of {order.number}?",
        "It goes on with the rest",
        "2 units of tea are free for others again in Rotterdam",
        "<bdi>€20.00</bdi> goes back to the customer.",
        "robin@example.com is told",
        "Cancel 2 units",
    ):
        assert words in page
    assert world.available("tea") == {"rotterdam": 2}
    assert list(EventRecord.objects.values_list("id", flat=True)) == before
    assert Order.objects.get().cancelled_amount == 0


def test_confirming_cancels_what_was_previewed(world, desk):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3, paid=True)

    response = desk.post(
        f"/orders/{order.number}/cancel/",
        {"line-1": "2", "reason": "Too many", "step": "confirm"},
        follow=True,
    )

    assert reported(response) == ["What you chose is cancelled."]
    assert order.lines.get().cancelled == 2
    assert world.available("tea") == {"rotterdam": 4}
    assert EventRecord.objects.get(name="order.cancelled").payload["reason"] == "Too many"


def test_more_units_than_can_be_cancelled_are_refused_by_the_field(world, desk):
    order = world.place(tea=3)

    response = desk.post(
        f"/orders/{order.number}/cancel/", {"line-1": "4", "reason": "x", "step": "confirm"}
    )

    assert response.status_code == 422
    assert "Only 3 can be cancelled" in text(response)
    assert order.lines.get().cancelled == 0


def test_no_units_and_no_reason_are_asked_for(world, desk):
    order = world.place(tea=3)

    no_units = desk.post(f"/orders/{order.number}/cancel/", {"line-1": "0", "reason": "x"})
    no_reason = desk.post(f"/orders/{order.number}/cancel/", {"line-1": "1", "reason": ""})

    assert (no_units.status_code, no_reason.status_code) == (422, 422)
    assert "Say of at least one line" in text(no_units)


def test_a_refusal_by_the_service_is_shown_in_the_form(world, desk, monkeypatch):
    order = world.place(tea=1)

    def packed_meanwhile(**kwargs):
        raise services.cancelling.NothingToCancel(number=order.number)

    monkeypatch.setattr(services, "cancel_order", packed_meanwhile)

    response = desk.post(
        f"/orders/{order.number}/cancel/", {"line-1": "1", "reason": "x", "step": "confirm"}
    )

    assert response.status_code == 409
    assert f"Nothing of {order.number} is left to cancel" in text(response)
    assert Order.objects.get().status == OrderStatus.OPEN


def test_a_cancelled_order_offers_no_cancelling(world, desk):
    order = world.place(tea=1)
    services.cancel_order(number=order.number, reason="", by=SYSTEM)

    assert "Cancel order…" not in text(desk.get(f"/orders/{order.number}/"))
    assert "Nothing is left to cancel" in text(desk.get(f"/orders/{order.number}/cancel/"))
