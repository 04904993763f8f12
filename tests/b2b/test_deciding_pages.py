"""Who decides for us sees what there is to decide on: their word, our price, what comes of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from b2b import services
from b2b.models import Quote
from b2b.selectors.desk import desk_of
from b2b.services import LineWish
from oms.core.models import User
from tests.b2b.conftest import BUYER

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(world, office):
    user = world.user("rita", role="sales")
    office.company(sales_rep="rita")
    world.sku("tea", price=Decimal("10.00"), currency="EUR")
    return world.browser(user)


def test_our_price_stands_beside_the_one_they_named(office, rita):
    document = office.submit(office.draft(lines=[LineWish("tea", 6, Decimal("8.40"))]))
    address = f"/b2b/purchase-orders/{document.number}/"

    pages = [rita.get(address), rita.get(f"{address}accept/")]

    assert document.status == "submitted"
    for page in pages:
        assert "ours" in page.content.decode()
        assert "10.00" in page.content.decode()


def test_the_desk_lists_what_came_first_first(world, office, rita):
    later = office.draft(lines=[LineWish("tea", 6, Decimal("8.40"))])
    first = office.draft(lines=[LineWish("tea", 7, Decimal("8.40"))])
    office.submit(first)
    office.submit(later)
    type(first).objects.filter(pk=first.pk).update(submitted_at=timezone.now() - timedelta(hours=3))

    found = desk_of(User.objects.get(username="rita"), timezone.localdate()).purchase_orders

    assert [each.number for each in found] == [first.number, later.number]


def test_what_was_asked_for_is_read_while_the_quote_is_written(office, rita):
    asked = services.request_quote(
        company="vermeer",
        lines=[LineWish("tea", 40, Decimal("8.05"))],
        note="For the terrace.",
        by=BUYER,
        at=timezone.now(),
    )

    page = rita.get(f"/b2b/quotes/new/?company=vermeer&request={asked.number}").content.decode()

    assert "For the terrace." in page
    assert "8.05" in page
    assert asked.number in page


def test_presenting_says_whether_a_colleague_is_asked_first(office, rita):
    sent = {"company": "vermeer", "step": "submit", "sku": ["tea"], "quantity": ["9"]}
    rita.post("/b2b/quotes/new/", {**sent, "price": ["9.90"], "day": [""]})
    rita.post("/b2b/quotes/new/", {**sent, "price": ["2.00"], "day": [""]})
    small, large = Quote.objects.order_by("id")

    pages = [
        rita.get(f"/b2b/quotes/{each.number}/present/").content.decode() for each in (small, large)
    ]

    assert "gets the offer by letter" in pages[0]
    assert "a colleague approves it before it goes" in pages[1]
    assert all("30 days from today if left empty." in page for page in pages)
