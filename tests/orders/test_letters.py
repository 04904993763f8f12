# ruff: noqa: RUF001 (letters count with a multiplication sign)
"""What customers read, word for word."""

import pytest

from oms.core.actors import SYSTEM
from oms.core.models import Job
from orders import letters, selectors, services
from orders.models import Order


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=1)
    return world.place("W-1", tea=2, pot=1, paid=True)


def written(letter):
    return letter.subject, letter.text


def test_the_confirmation(order):
    letter = letters.order_placed(order=order.number)

    assert written(letter) == (
        "Your order W-1",
        f"""Thank you, Robin. We have your order.

Order W-1 at Shop. We write again when it is on its way.

2 × Tea: €20.00
1 × Pot: €10.00
Total: €30.00

These wait for stock. We send them as soon as we have them, without extra shipping:
1 × Tea
1 × Pot

See where your order is:
{selectors.status_url(order)}

This link is yours alone: who has it can see the parcels.
""",
    )
    assert letter.recipients == ("robin@example.com",)
    assert letter.thread == order.number
    assert f'href="{selectors.status_url(order)}"' in letter.html


def test_the_confirmation_adds_up_with_shipping_tax_and_discount(world):
    order = world.place(
        "W-2",
        tea=1,
        fields={
            "shipping": {"method": "standard", "amount": "4.95", "tax": "1.04"},
            "discount": "1.00",
        },
    )

    letter = letters.order_placed(order=order.number)

    assert (
        """1 × Tea: €10.00
Shipping: €4.95
Tax on shipping: €1.04
Discount: −€1.00
Total: €14.99
"""
        in letter.text
    )


def test_the_letter_of_a_parcel(order):
    letter = letters.order_shipped(
        order=order.number,
        units={"tea": 1},
        carrier="PostNL",
        tracking_number="3SABC",
        tracking_url="https://track.example/3SABC",
    )

    assert written(letter) == (
        "Part of W-1 is on its way",
        f"""A parcel is on its way to you

In this parcel of order W-1:
1 × Tea

PostNL, tracking number 3SABC
https://track.example/3SABC

Still being packed, in a parcel of its own:
1 × Tea

Waiting for stock. We send them as soon as we have them, without extra shipping:
1 × Tea
1 × Pot

See where your order is:
{selectors.status_url(order)}

This link is yours alone: who has it can see the parcels.
""",
    )
    assert '<a href="https://track.example/3SABC"' in letter.html


def test_a_tracking_link_that_is_no_link_is_left_out(order):
    letter = letters.order_shipped(
        order=order.number,
        units={"tea": 1},
        tracking_number="3SABC",
        tracking_url="javascript:alert(1)",
    )

    assert "javascript" not in letter.text + letter.html
    assert "3SABC" in letter.html


def test_the_letter_of_a_cancelled_part(order):
    line = order.lines.get(sku_code="pot")
    services.cancel_order(number=order.number, reason="", units={line.pk: 1}, by=SYSTEM)

    letter = letters.order_cancelled(
        order=order.number, units={"pot": 1}, whole=False, amount="10.00"
    )

    assert written(letter) == (
        "Part of W-1 is cancelled",
        f"""Part of your order W-1 is cancelled

We no longer send:
1 × Pot

€10.00 goes back the way you paid. We write again when it is sent.

The rest of your order goes on as before.

See where your order is:
{selectors.status_url(order)}

This link is yours alone: who has it can see the parcels.
""",
    )


def test_the_letter_of_a_cancelled_order_that_was_not_paid(world):
    order = world.place("W-3", tea=1)
    services.cancel_order(number=order.number, reason="", by=SYSTEM)

    letter = letters.order_cancelled(
        order=order.number, units={"tea": 1}, whole=True, amount="10.00"
    )

    assert letter.subject == "Your order W-3 is cancelled"
    assert "You had not paid for them, so nothing is owed either way." in letter.text
    assert "goes back" not in letter.text


def test_the_letter_of_a_refund(order):
    letter = letters.refund_succeeded(
        order=order.number, refund="RF-1001", amount="9.77", currency="EUR", method="card"
    )

    assert written(letter) == (
        "€9.77 refunded for W-1",
        f"""We have sent €9.77 back to you

For order W-1, to your card. Your bank may take a few days to show it.

See where your order is:
{selectors.status_url(order)}

This link is yours alone: who has it can see the parcels.
""",
    )


def test_a_failed_refund_is_told_to_those_who_may_refund(world, order):
    world.user("fay", role="finance")
    world.user("kim", role="support")

    letter = letters.refund_failed(
        order=order.number, refund="RF-1001", amount="9.77", currency="EUR", reason="Card closed"
    )

    assert letter.recipients == ("fay@oms.example",)
    assert letter.subject == f"Refund RF-1001 for {order.number} failed"
    assert "€9.77 did not go back to the customer: Card closed" in letter.text
    assert f"http://localhost:8000/orders/{order.number}/" in letter.text


def test_with_nobody_to_tell_no_letter_is_written(order):
    letter = letters.refund_failed(
        order=order.number, refund="RF-1", amount="1.00", currency="EUR", reason="x"
    )

    assert letter is None


def test_an_order_cancelled_before_its_confirmation_went_is_not_confirmed(order):
    services.cancel_order(number=order.number, reason="", by=SYSTEM)

    assert letters.order_placed(order=order.number) is None


def test_names_cannot_write_markup_into_letters(world):
    world.sku("tea", name="<b>Tea</b> & more")
    order = world.place(
        "W-4", tea=1, fields={"customer": {"name": "<script>x</script>", "email": "a@b.example"}}
    )

    letter = letters.order_placed(order=order.number)

    assert "<script>" not in letter.html
    assert "<b>Tea</b>" not in letter.html
    assert "1 × <b>Tea</b> & more" in letter.text


def test_placing_posts_one_letter_and_asks_nothing_for_it(world, order):
    [job] = Job.objects.filter(kind="mail")

    assert job.key == f"order_placed:{order.number}"
    assert job.payload == {
        "letter": "orders.letters.order_placed",
        "arguments": {"order": order.number},
    }


def test_an_order_without_an_address_gets_no_letters(world):
    order = world.place("W-5", tea=1, fields={"customer": {"name": "Robin Vale"}})
    services.cancel_order(number=order.number, reason="", by=SYSTEM)

    assert Order.objects.get(pk=order.pk).email == ""
    assert not Job.objects.filter(kind="mail").exists()
