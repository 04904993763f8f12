"""What people are told about a return, and when nothing is said."""

import pytest
from django.utils import timezone

from oms.core.models import Job
from oms.messaging.models import NoticeCopy
from orders.models import Order
from returns import letters, services
from tests.returns.conftest import KIM


def posted():
    jobs = Job.objects.filter(kind="mail", payload__letter__startswith="returns.")
    return sorted(each.payload["letter"].rpartition(".")[2] for each in jobs)


def test_each_step_is_told_once(desk, shipped):
    settled = desk.all_the_way(shipped(tea=2), tea=1)
    number = desk.request(Order.objects.get(), tea=1).number
    services.decline_return(number=number, reason="Worn", by=KIM, at=timezone.now())

    assert posted() == [
        "return_approved",
        "return_declined",
        "return_requested",
        "return_requested",
        "return_settled",
        "return_to_decide",
        "return_to_decide",
    ]
    letter = letters.return_settled(number=settled.number)
    assert letter.recipients == ("robin@example.com",)
    assert letter.subject == f"Your return {settled.number} is done"
    assert "€10.00 goes back to you" in letter.text
    assert "Tea: €10.00" in letter.text
    assert "€10.00" in letter.html
    declined = letters.return_declined(number=number)
    assert "Worn" in declined.text


def test_the_team_is_asked_while_there_is_something_to_decide(world, desk, shipped):
    world.user("ann", "support")
    world.user("bo", "warehouse")
    number = desk.request(shipped(tea=1), "damaged", tea=1).number

    [told] = NoticeCopy.objects.select_related("notice", "user")
    assert (told.user.username, told.notice.url) == ("ann", f"/returns/{number}/")
    letter = letters.return_to_decide(number=number)
    assert letter.recipients == ("ann@oms.example",)
    assert f"/returns/{number}/" in letter.text
    assert "It arrived damaged" in letter.text
    desk.approve(number)

    assert letters.return_to_decide(number=number) is None


@pytest.mark.parametrize("name", ["requested", "approved", "declined", "settled"])
def test_who_has_no_address_gets_no_letter(desk, shipped, name):
    number = desk.request(shipped(tea=1), tea=1).number
    Order.objects.update(email="")

    assert getattr(letters, f"return_{name}")(number=number) is None


def test_an_approval_says_where_to_send_it(desk, shipped):
    number = desk.request(shipped(tea=1), tea=1).number

    letter = letters.return_approved(number=number)

    assert f"Write {number} on the parcel" in letter.text
    assert "3011 Rotterdam" in letter.text
    assert ">Tea</td>" in letter.html


def test_what_a_customer_wrote_is_text_in_every_letter(desk, shipped, world):
    world.user("ann", "support")
    world.sku("tea", name="<img src=x>")
    number = desk.request(shipped(tea=1), tea=1).number

    for write in (letters.return_requested, letters.return_to_decide):
        assert "<img" not in write(number=number).html
        assert "&lt;img src=x&gt;" in write(number=number).html
