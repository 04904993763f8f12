"""Purchase orders: written down, submitted, approved, answered line by line, placed once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from b2b import errors, services
from b2b.models import PurchaseOrder
from b2b.services import LineAnswer, LineWish
from b2b.states import Issue, PurchaseStatus
from oms.catalog.errors import UnknownSku
from oms.core.models import EventRecord, Job
from oms.core.states import TransitionNotAllowed
from orders.models import Order
from tests.b2b.conftest import BAR, BOSS, BUYER, REP


def test_a_clean_purchase_order_becomes_an_order_at_contract_prices(office, world):
    office.price("tea", "8.50")
    world.stock("tea", rotterdam=50)
    office.company(price_list="wholesale")

    document = office.buy(tea=12)

    order = document.order
    assert document.status == PurchaseStatus.ACCEPTED
    assert (order.external_id, order.total_amount) == (document.number, Decimal("102.00"))
    assert order.metadata["company"] == "vermeer"
    assert order.customer_id == document.company.customer_id
    assert [line.price_origin for line in document.lines.all()] == ["Price list Wholesale"]
    assert world.available("tea") == {"rotterdam": 38}


def test_nobody_is_written_to_twice_about_a_new_order(office):
    office.buy(tea=1)

    assert letters_to_customers() == ["purchase_order_confirmed"]


def letters_to_customers():
    """The letters that wait to be written, but for those to colleagues."""
    waiting = Job.objects.filter(kind="mail").order_by("id")
    names = [job.payload["letter"].rpartition(".")[2] for job in waiting]
    return [name for name in names if name != "purchase_order_to_accept"]


def test_a_company_uses_its_number_once_for_ever(office):
    first = office.submit(office.draft(fields={"po_number": "4500"}, tea=1))
    services.cancel_purchase_order(
        number=first.number, reason="mistake", by=BUYER, at=timezone.now()
    )

    with pytest.raises(errors.PurchaseOrderKnown) as refusal:
        office.draft(fields={"po_number": "4500"}, tea=1)

    assert refusal.value.number == first.number
    assert PurchaseOrder.objects.count() == 1
    assert office.draft("other", fields={"po_number": "4500"}, tea=1).po_number == "4500"


def test_a_draft_that_was_dropped_gives_its_number_back(office):
    first = office.draft(fields={"po_number": "4500"}, tea=1)
    services.cancel_purchase_order(
        number=first.number, reason="mistake", by=BUYER, at=timezone.now()
    )

    assert office.draft(fields={"po_number": "4500"}, tea=1).po_number == "4500"


def test_a_price_of_the_buyers_own_waits_for_a_person(office):
    office.company()
    office.world.sku("tea", price=Decimal("10"), currency="EUR")

    document = office.submit(office.draft(lines=[LineWish("tea", 3, Decimal("9.00"))]))

    assert (document.status, document.issues) == ("submitted", [Issue.PRICE_MISMATCH])
    assert Order.objects.count() == 0

    accepted = services.accept_purchase_order(
        number=document.number,
        answers=[LineAnswer(1, unit_price=Decimal("9.50"))],
        by=REP,
        at=timezone.now(),
    )

    assert accepted.order.total_amount == Decimal("28.50")
    [line] = accepted.lines.all()
    assert (line.decision, line.accepted_quantity) == ("change", 3)


def test_a_rep_may_agree_on_a_price(office):
    office.world.sku("tea", price=Decimal("10"), currency="EUR")
    office.company()

    document = office.submit(
        office.draft(source="rep", by=REP, lines=[LineWish("tea", 3, Decimal("9.00"))])
    )

    assert document.order.total_amount == Decimal("27.00")
    [line] = document.lines.all()
    assert line.price_origin == "Agreed by rita; ours: Catalog price"


def test_lines_that_are_not_answered_are_accepted_and_rejected_units_are_told(office):
    document = office.draft(source="api", fields={"note": "soon"}, tea=5, cup=2, pot=1)
    services.change_company(
        code="vermeer", changes={"auto_accept": False}, by=REP, at=timezone.now()
    )
    office.submit(document)

    accepted = services.accept_purchase_order(
        number=document.number,
        answers=[
            LineAnswer(1, quantity=3, reason="Only three left"),
            LineAnswer(2, quantity=0, reason="No longer made"),
        ],
        by=REP,
        at=timezone.now(),
    )

    assert {line.sku_code: line.quantity for line in accepted.order.lines.all()} == {
        "tea": 3,
        "pot": 1,
    }
    assert [line.decision for line in accepted.lines.order_by("position")] == [
        "change",
        "reject",
        "accept",
    ]
    told = EventRecord.objects.get(name="purchase_order.accepted")
    assert told.payload["rejected"] == {"tea": 2, "cup": 2}
    assert told.thread == accepted.order.number


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (LineAnswer(9), errors.UnknownPosition),
        (LineAnswer(1, quantity=6), errors.TooManyAccepted),
        (LineAnswer(1, quantity=0), errors.NoLines),
        (LineAnswer(1, unit_price=Decimal("-1")), errors.AmountNotFitting),
    ],
)
def test_answers_that_make_no_sense_place_nothing(office, answer, refusal):
    office.company(auto_accept=False)
    document = office.buy(tea=5)

    with pytest.raises(refusal):
        services.accept_purchase_order(
            number=document.number, answers=[answer], by=REP, at=timezone.now()
        )

    assert Order.objects.count() == 0
    assert office.fresh(document).status == "submitted"


def test_units_nobody_knows_are_refused_or_kept_for_a_person(office):
    office.company()
    unknown = [LineWish("nonsense", 2)]

    with pytest.raises(UnknownSku):
        office.draft(lines=unknown)
    assert PurchaseOrder.objects.count() == 0

    document = office.draft(
        source="edi", lines=[*unknown, *office.wishes(tea=1)], fields={"partial": True}
    )
    office.submit(document)
    with pytest.raises(errors.PurchaseOrderOpenIssues):
        services.accept_purchase_order(number=document.number, by=REP, at=timezone.now())
    accepted = services.accept_purchase_order(
        number=document.number,
        answers=[LineAnswer(1, quantity=0, reason="We do not know it")],
        by=REP,
        at=timezone.now(),
    )
    assert accepted.order.lines.count() == 1


def test_over_a_limit_a_second_person_of_the_company_has_to_agree(office):
    buyer = office.buyer(limit="100")
    document = office.submit(office.draft(fields={"buyer": buyer}, tea=11))
    assert document.status == "pending_approval"

    with pytest.raises(errors.OwnApproval):
        services.approve_purchase_order(number=document.number, by=BUYER, at=timezone.now())
    assert Order.objects.count() == 0

    approved = services.approve_purchase_order(number=document.number, by=BOSS, at=timezone.now())
    assert (approved.status, approved.approved_by) == ("accepted", "user:ada")


def test_at_the_limit_nobody_is_asked_and_the_companys_own_limit_counts(office):
    buyer = office.buyer(limit="100")
    assert office.submit(office.draft(fields={"buyer": buyer}, tea=10)).status == "accepted"

    services.change_company(
        code="vermeer",
        changes={"approval_limit_amount": Decimal("50")},
        by=REP,
        at=timezone.now(),
    )
    assert office.buy(tea=6).status == "pending_approval"


def test_a_draft_is_rewritten_whole_and_prices_are_those_of_the_day_it_is_submitted(office):
    office.price("tea", "9.00")
    office.company(price_list="wholesale")
    document = office.draft(tea=2)
    again = services.save_purchase_order(
        company="vermeer",
        lines=office.wishes(tea=3),
        source="api",
        number=document.number,
        po_number="77",
        expected_version=document.version,
        by=BUYER,
        at=timezone.now(),
    )
    office.price("tea", "8.00")

    submitted = office.submit(again)

    assert (submitted.number, submitted.po_number) == (document.number, "77")
    assert submitted.order.total_amount == Decimal("24.00")


def test_nobody_overwrites_the_change_of_another(office):
    document = office.draft(tea=2)

    with pytest.raises(errors.PurchaseOrderChanged):
        services.save_purchase_order(
            company="vermeer",
            lines=office.wishes(tea=3),
            source="api",
            number=document.number,
            expected_version=document.version + 1,
            by=BUYER,
            at=timezone.now(),
        )

    assert office.fresh(document).total_amount == Decimal("20")


def test_a_rejected_one_is_changed_and_handed_in_again_under_its_number(office):
    office.company(auto_accept=False)
    document = office.submit(office.draft(fields={"po_number": "9"}, tea=2))
    services.reject_purchase_order(
        number=document.number, reason="Not this year", by=REP, at=timezone.now()
    )

    office.draft(fields={"number": document.number, "po_number": "9"}, tea=1)

    assert office.fresh(document).status == "draft"


def test_cancelling_takes_the_order_with_it_and_frees_stock_and_credit(office, world):
    office.stock("tea", rotterdam=9)
    document = office.buy(tea=4)

    cancelled = services.cancel_purchase_order(
        number=document.number, reason="Closed for winter", by=REP, at=timezone.now()
    )

    assert cancelled.status == "cancelled"
    assert Order.objects.get(pk=document.order_id).status == "cancelled"
    assert world.available("tea") == {"rotterdam": 9}
    assert office.balances() == (0, 0)
    with pytest.raises(TransitionNotAllowed):
        services.accept_purchase_order(number=document.number, by=REP, at=timezone.now())


def test_lines_go_to_addresses_of_their_own(office, world):
    office.stock("tea", rotterdam=9)
    office.company()
    lines = [LineWish("tea", 1), LineWish("tea", 2, ship_to=BAR)]

    order = office.submit(office.draft(lines=lines)).order

    assert {work.ship_to.city: work.units for work in world.works(order)} == {
        "Delft": 1,
        "Leiden": 2,
    }


def test_a_company_without_an_address_names_one(office):
    services.create_company(code="new", name="New", by=REP, at=timezone.now())

    with pytest.raises(errors.NoAddress):
        office.draft("new", tea=1)
    document = office.draft("new", fields={"ship_to": BAR}, tea=1)
    assert document.ship_to == BAR


def test_a_company_that_is_switched_off_cannot_order(office):
    office.company()
    services.change_company(code="vermeer", changes={"is_active": False}, by=REP, at=timezone.now())

    with pytest.raises(errors.CompanyInactive):
        office.draft(tea=1)
    assert PurchaseOrder.objects.count() == 0


def test_what_was_requested_for_a_day_is_promised_for_it(office):
    day = timezone.now().date() + timedelta(days=20)
    order = office.submit(office.draft(fields={"requested_on": day}, tea=1)).order
    assert order.deliver_by.date() == day


def test_a_zero_or_huge_quantity_is_refused_with_its_place(office):
    office.company()
    for count in (0, -1, 100_000):
        with pytest.raises(errors.AmountNotFitting) as refusal:
            office.draft(lines=[LineWish("tea", count)])
        assert refusal.value.pointer == "/lines/0/quantity"
