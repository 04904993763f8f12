"""From a request to an offer, its versions, and what a company takes of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from b2b import errors, services
from b2b.models import PurchaseOrder, Quote, QuoteRequest
from b2b.selectors import lines_of_quote
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders.models import Order
from tests.b2b.conftest import BOSS, BUYER, REP


def accept(quote, **named):
    return services.accept_quote(number=quote.number, by=BUYER, at=timezone.now(), **named)


def test_a_request_becomes_a_quote_becomes_an_order_at_its_prices(office):
    office.company()
    request = services.request_quote(
        company="vermeer", lines=office.wishes(tea=100), by=BUYER, at=timezone.now(), note="Friday?"
    )
    services.review_request(number=request.number, by=REP, at=timezone.now())
    quote = services.draft_quote(
        company="vermeer",
        lines=[services.LineWish("tea", 100, Decimal("9.25"))],
        request=request.number,
        by=REP,
        at=timezone.now(),
    )
    services.present_quote(number=quote.number, by=REP, at=timezone.now())

    document = accept(quote, version=1, po_number="4711")

    assert QuoteRequest.objects.get().status == "quoted"
    assert Quote.objects.get().status == "accepted"
    assert (document.source, document.po_number, document.status) == ("quote", "4711", "accepted")
    assert document.order.total_amount == Decimal("925.00")
    [line] = document.lines.all()
    assert line.price_origin == f"Quote {quote.number}, version 1"


def test_accepting_a_part_orders_that_part_and_keeps_what_was_taken(office):
    quote = office.quote(tea=10, cup=4)

    document = accept(quote, quantities={1: 6})

    assert [line.quantity for line in document.order.lines.all()] == [6]
    assert [line.accepted_quantity for line in lines_of_quote(quote)] == [6, 0]
    told = EventRecord.objects.get(name="quote.accepted")
    assert (told.payload["units"], told.payload["purchase_order"]) == ({"tea": 6}, document.number)


@pytest.mark.parametrize(
    ("quantities", "refusal"),
    [({7: 1}, errors.UnknownPosition), ({1: 11}, errors.TooManyAccepted), ({1: 0}, errors.NoLines)],
)
def test_taking_what_was_not_offered_changes_nothing(office, quantities, refusal):
    quote = office.quote(tea=10)

    with pytest.raises(refusal):
        accept(quote, quantities=quantities)

    assert Quote.objects.get().status == "presented"
    assert PurchaseOrder.objects.count() == 0


def test_the_next_version_replaces_the_one_before(office):
    quote = office.quote(tea=10)
    services.request_revision(
        number=quote.number, reason="Cheaper for 20", version=1, by=BUYER, at=timezone.now()
    )
    services.revise_quote(number=quote.number, by=REP, at=timezone.now())
    services.draft_quote(
        company="vermeer",
        number=quote.number,
        lines=[services.LineWish("tea", 20, Decimal("9.00"))],
        by=REP,
        at=timezone.now(),
    )
    services.present_quote(number=quote.number, by=REP, at=timezone.now())

    with pytest.raises(errors.QuoteVersionPassed):
        accept(quote, version=1)
    assert Order.objects.count() == 0
    document = accept(quote, version=2)

    assert document.order.total_amount == Decimal("180.00")
    fresh = Quote.objects.get()
    assert (fresh.version, fresh.versions.count()) == (2, 2)
    assert [line.quantity for line in lines_of_quote(fresh, 1)] == [10]
    assert fresh.versions.get(nth=2).asked_for == "Cheaper for 20"


def test_a_large_discount_waits_for_somebody_else(office):
    quote = office.quote(price="8.49", tea=10)
    assert quote.status == "pending_approval"

    with pytest.raises(errors.OwnApproval):
        services.approve_quote(number=quote.number, by=REP, at=timezone.now())
    with pytest.raises(TransitionNotAllowed):
        accept(quote)

    assert services.approve_quote(number=quote.number, by=BOSS, at=timezone.now()).status == (
        "presented"
    )
    assert Quote.objects.get().versions.get().approved_by == "user:ada"


def test_at_the_largest_discount_a_rep_goes_alone(office):
    assert office.quote(price="8.50", tea=10).status == "presented"


def test_an_offer_stands_through_its_last_day(office):
    quote = office.quote(tea=10)
    last = timezone.now() + timedelta(days=30)
    after = last + timedelta(days=1)

    assert services.expire_quotes(by=SYSTEM, at=last) == 0
    with pytest.raises(errors.QuoteExpiredAlready):
        services.accept_quote(number=quote.number, by=BUYER, at=after)
    assert services.expire_quotes(by=SYSTEM, at=after) == 1
    assert services.expire_quotes(by=SYSTEM, at=after) == 0

    assert Quote.objects.get().status == "expired"
    assert services.revise_quote(number=quote.number, by=REP, at=after).status == "draft"


def test_an_accepted_quote_is_not_accepted_again(office):
    quote = office.quote(tea=10)
    accept(quote)

    with pytest.raises(TransitionNotAllowed):
        accept(quote)

    assert (PurchaseOrder.objects.count(), Order.objects.count()) == (1, 1)


def test_over_a_limit_an_accepted_quote_still_needs_the_second_person(office):
    office.company(approval_limit=Decimal("50"))
    document = accept(office.quote(tea=10))
    assert document.status == "pending_approval"

    services.approve_purchase_order(number=document.number, by=BOSS, at=timezone.now())

    assert Order.objects.get().total_amount == Decimal("100.00")


def test_what_is_lost_withdrawn_or_declined_says_why(office):
    lost, taken_back = office.quote(tea=1), office.quote(tea=2)
    services.lose_quote(number=lost.number, reason="Cheaper elsewhere", by=REP, at=timezone.now())
    services.withdraw_quote(number=taken_back.number, reason="Wrong tea", by=REP, at=timezone.now())
    request = services.request_quote(
        company="vermeer", lines=office.wishes(tea=1), by=BUYER, at=timezone.now()
    )
    services.decline_request(number=request.number, reason="No", by=REP, at=timezone.now())

    assert [quote.reason for quote in Quote.objects.order_by("id")] == [
        "Cheaper elsewhere",
        "Wrong tea",
    ]
    with pytest.raises(TransitionNotAllowed):
        services.withdraw_request(number=request.number, by=BUYER, at=timezone.now())


def test_a_quote_without_a_price_anywhere_names_the_line(office, world):
    office.company()
    world.sku("tea")

    with pytest.raises(errors.NoPrice) as refusal:
        services.draft_quote(
            company="vermeer",
            lines=[services.LineWish("tea", 1)],
            by=REP,
            at=timezone.now(),
        )

    assert (refusal.value.pointer, Quote.objects.count()) == ("/lines/0", 0)
