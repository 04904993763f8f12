"""An order is approved, sent with its PDF and link, answered, reminded of, and ended."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from inventory import selectors, services
from inventory.errors import (
    CommittedInThePast,
    NoSupplierAddress,
    NothingOrdered,
    NotOnReplenishment,
    NotSupplied,
    ReplenishmentChanged,
    ReplenishmentNotFound,
    TooManyCommitted,
)
from inventory.letters import STYLESHEETS, order_page, order_pdf
from inventory.models import Commitment, ReplenishmentOrder, Supplier
from oms.core.actors import SYSTEM, Actor
from oms.core.jobs import drain
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from oms.messaging.models import NoticeCopy
from tests.papers import looks_the_same

TIMES = "\N{MULTIPLICATION SIGN}"
VENDOR = Actor("supplier", "leaf")


def now():
    return timezone.now()


def day(ahead):
    return timezone.localdate() + timedelta(days=ahead)


def commit(order, *parts, sku="tea", by=VENDOR, **named):
    answer = services.Answer(sku, [services.Part(units, on) for units, on in parts], **named)
    return services.commit_replenishment(number=order.number, answers=[answer], by=by, at=now())


def standing():
    found = Commitment.objects.filter(withdrawn_at=None).order_by("expected_on")
    return [(each.quantity, each.expected_on) for each in found]


@pytest.fixture
def drawn(monkeypatch):
    """PDFs are drawn elsewhere: what would be drawn."""
    pages = []

    def render(html, *, stylesheets):
        pages.append(html)
        return b"%PDF-1.7"

    monkeypatch.setattr("inventory.letters.pdf.render", render)
    return pages


@pytest.mark.django_db(transaction=True)
def test_sending_writes_to_the_supplier_with_the_order_and_the_link(world, drawn):
    order = world.ordered_from_supplier(tea=10)

    assert drain("mail") == 1

    [letter] = mail.outbox
    assert letter.to == ["leaf@supplier.example"]
    assert letter.subject == f"Our order {order.number}"
    assert selectors.supplier_url(order) in letter.body
    assert f"10 {TIMES} Tea" in letter.body
    [(name, content, kind)] = letter.attachments
    assert (name, content, kind) == (f"{order.number}.pdf", b"%PDF-1.7", "application/pdf")
    assert "Tea" in drawn[0]
    assert order.expected_on == day(7)


def test_the_paper_is_a_pdf(world):
    order = world.ordered_from_supplier(tea=10)

    assert order_pdf(order)[:5] == b"%PDF-"
    assert looks_the_same(order_page(order), STYLESHEETS)


@pytest.mark.django_db(transaction=True)
def test_an_order_cancelled_before_its_letter_went_is_not_sent(world, drawn):
    order = world.ordered_from_supplier(tea=10)
    services.cancel_replenishment(number=order.number, reason="Too dear", by=SYSTEM, at=now())

    drain("mail")

    assert [letter.subject for letter in mail.outbox] == [f"Our order {order.number} is cancelled"]


def test_a_supplier_without_address_is_asked_by_a_person(world):
    world.supplier("leaf", tea={})
    Supplier.objects.update(email="")

    order = world.ordered_from_supplier(tea=10)

    assert order.status == "sent"
    with pytest.raises(NoSupplierAddress):
        services.remind_supplier(number=order.number, by=SYSTEM, at=now())
    assert not EventRecord.objects.filter(name="replenishment.reminded").exists()


def test_the_longest_lead_time_says_when_it_is_wanted(world):
    world.supplier("leaf", tea={"lead_time_days": 3}, cup={"lead_time_days": 21})

    order = world.ordered_from_supplier(tea=1, cup=1)

    assert order.expected_on == day(21)


def test_what_was_changed_meanwhile_is_not_approved_by_mistake(world):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=4)
    [order] = services.propose_replenishment(by=SYSTEM, at=now())
    seen = order.version
    services.edit_replenishment(
        number=order.number, quantities={"tea": 400}, by=SYSTEM, at=now(), expected_version=seen
    )

    with pytest.raises(ReplenishmentChanged):
        services.approve_replenishment(
            number=order.number, by=SYSTEM, at=now(), expected_version=seen
        )

    assert ReplenishmentOrder.objects.get().status == "proposed"


def test_editing_refuses_what_is_not_supplied_and_an_empty_order(world):
    world.supplier("leaf", tea={})
    world.sku("cup")
    world.reorder("tea", point=4)
    [order] = services.propose_replenishment(by=SYSTEM, at=now())

    with pytest.raises(NotSupplied):
        services.edit_replenishment(number=order.number, quantities={"cup": 2}, by=SYSTEM, at=now())
    with pytest.raises(NothingOrdered):
        services.edit_replenishment(number=order.number, quantities={"tea": 0}, by=SYSTEM, at=now())
    with pytest.raises(ReplenishmentNotFound):
        services.edit_replenishment(number="RO-0", quantities={}, by=SYSTEM, at=now())

    assert [line.quantity for line in order.lines.all()] == [4]


# ── The supplier's word ─────────────────────────────────────────────────────────────────────


def test_a_supplier_commits_in_parts_and_anew(world):
    order = world.ordered_from_supplier(tea=10)

    commit(order, (4, day(3)), (6, day(9)))
    assert standing() == [(4, day(3)), (6, day(9))]
    commit(order, (10, day(5)), note="Ship is early")

    order.refresh_from_db()
    assert order.status == "acknowledged"
    assert standing() == [(10, day(5))]
    assert Commitment.objects.count() == 3
    fact = EventRecord.objects.filter(name="replenishment.committed").latest("id")
    assert fact.actor == "supplier:leaf"
    assert fact.payload["answers"] == [
        {
            "sku": "tea",
            "parts": [{"quantity": 10, "expected_on": day(5).isoformat()}],
            "is_declined": False,
            "note": "Ship is early",
        }
    ]


@pytest.mark.parametrize(
    ("parts", "sku", "refusal"),
    [
        ([(11, 3)], "tea", TooManyCommitted),
        ([(6, 3), (5, 4)], "tea", TooManyCommitted),
        ([(1, -1)], "tea", CommittedInThePast),
        ([(1, 1)], "cup", NotOnReplenishment),
    ],
)
def test_a_word_that_cannot_be_kept_is_refused(world, parts, sku, refusal):
    order = world.ordered_from_supplier(tea=10)

    with pytest.raises(refusal):
        commit(order, *[(units, day(ahead)) for units, ahead in parts], sku=sku)

    order.refresh_from_db()
    assert order.status == "sent"
    assert standing() == []


def test_who_buys_reads_what_will_not_come(world):
    pia = world.user("pia", role="purchasing")
    order = world.ordered_from_supplier(tea=10)

    commit(order, (4, day(3)), is_declined=True, note="Try Sencha")

    notice = NoticeCopy.objects.get(user=pia).notice
    assert notice.subject == f"leaf cannot send all of {order.number}: tea"
    assert notice.level == "attention"
    assert f"4 by {day(3)}; the rest does not come; Try Sencha" in notice.text


def test_what_is_proposed_or_over_takes_no_word(world):
    order = world.ordered_from_supplier(tea=10)
    services.cancel_replenishment(number=order.number, reason="", by=SYSTEM, at=now())

    with pytest.raises(TransitionNotAllowed):
        commit(order, (1, day(1)))

    assert standing() == []


# ── The link ────────────────────────────────────────────────────────────────────────────────


def token_of(order):
    return selectors.supplier_url(order).rpartition("/")[2]


def test_a_link_opens_until_it_runs_out_is_revoked_or_the_order_is_over(world):
    order = world.ordered_from_supplier(tea=10)
    token = token_of(order)
    assert selectors.replenishment_by_token(token, at=now()) == order
    assert selectors.replenishment_by_token(token + "x", at=now()) is None
    assert selectors.replenishment_by_token(token, at=now() + timedelta(days=128)) is None

    services.revoke_supplier_link(number=order.number, by=SYSTEM, at=now())
    assert selectors.replenishment_by_token(token, at=now()) is None

    order.refresh_from_db()
    newer = token_of(order)
    assert selectors.replenishment_by_token(newer, at=now()) == order
    services.cancel_replenishment(number=order.number, reason="", by=SYSTEM, at=now())
    assert selectors.replenishment_by_token(newer, at=now()) is None


@pytest.mark.django_db(transaction=True)
def test_a_reminder_says_what_is_missing_and_opens_the_link_again(world, drawn):
    order = world.ordered_from_supplier(tea=10)
    world.place(tea=3)
    ReplenishmentOrder.objects.update(link_until=now() - timedelta(days=1))

    services.remind_supplier(number=order.number, by=SYSTEM, at=now())
    services.remind_supplier(number=order.number, by=SYSTEM, at=now() + timedelta(days=1))

    assert drain("mail") == 4  # the customer reads of their order, too
    letter = mail.outbox[-1]
    assert letter.to == ["leaf@supplier.example"]
    assert letter.subject == f"When does the rest of {order.number} come?"
    assert f"10 {TIMES} Tea (tea), 3 are needed at once" in letter.body
    assert "Robin" not in letter.body
    assert selectors.replenishment_by_token(token_of(order), at=now()) == order


# ── What is out ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_who_buys_gets_one_letter_a_day_of_what_is_out(world, drawn):
    world.user("pia", role="purchasing")
    world.user("sam", role="support")
    world.place(tea=3)
    today = timezone.localdate()

    services.tell_of_shortages(on=today)
    services.tell_of_shortages(on=today)
    assert drain("mail", limit=20) >= 1
    services.tell_of_shortages(on=today)
    drain("mail")

    told = [letter for letter in mail.outbox if letter.subject.startswith("Orders wait for")]
    assert [letter.to for letter in told] == [["pia@oms.example"]]
    assert f"3 {TIMES} Tea (tea)" in told[0].body
    assert "nothing is coming; no supplier is known" in told[0].body
