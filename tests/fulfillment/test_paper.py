"""Slips and pick lists by the hundred: one job, part by part, stopped and gone on with."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from fulfillment import services
from fulfillment.errors_waves import NothingToPrint, PaperNotReady, PrintRunNotFound, TooMuchPaper
from fulfillment.models import FulfillmentOrder, PrintPart, PrintRun
from fulfillment.paper import lists_of, pages_of, slips_of
from fulfillment.services import printing
from fulfillment.states import PaperKind
from inventory.errors import LocationNotFound
from oms.core import pdf
from oms.core.jobs import drain
from oms.core.models import Job
from oms.core.pdf import Together
from oms.core.states import TransitionNotAllowed
from orders.models import Order, OrderLine
from tests.fulfillment.waving import KIM, OTTO, number_of, placed, totes, warehouse, wave


@pytest.fixture
def drawn(monkeypatch):
    """Papers are drawn elsewhere; here a part is its documents' HTML, one that breaks is out."""
    made = []

    def render_together(parts, *, stylesheets=(), together=(), seconds=0):
        for part in parts:
            made.append(part)
            failed = {n: "it broke" for n, html in enumerate(part) if "BREAKS" in html}
            yield Together(f"%PDF {len(part)}".encode() if len(failed) < len(part) else b"", failed)

    monkeypatch.setattr(pdf, "render_together", render_together)
    monkeypatch.setattr(printing, "DOCUMENTS_OF_A_PART", 2)
    return made


@pytest.fixture
def floor(world):
    warehouse(world)
    return world


def asked(*numbers, kind=PaperKind.SLIPS, location="rotterdam", wave=""):
    return services.request_paper(
        kind=kind, location=location, numbers=numbers, wave=wave, by=OTTO, at=timezone.now()
    )


def parts():
    rows = PrintPart.objects.order_by("nth")
    return [(row.nth, row.documents, bool(row.file), row.failed) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_a_run_is_made_part_by_part_by_one_job_in_the_order_it_was_asked_for(floor, drawn):
    one, two, three = (placed(floor, tea=1) for _ in range(3))

    run = asked(three, one, two, one)
    assert (run.number, run.total, run.state) == ("PR-1001", 3, "drawing")
    assert list(Job.objects.filter(kind="paper").values_list("key", flat=True)) == ["PR-1001"]
    assert drain("paper") >= 1

    assert parts() == [(1, [three, one], True, {}), (2, [two], True, {})]
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 3)
    assert three in drawn[0][0]
    assert [len(part) for part in drawn] == [2, 1]
    assert not Job.objects.filter(kind="paper").exists()
    first = PrintPart.objects.get(nth=1)
    assert default_storage.open(first.file.name).read() == b"%PDF 2"


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_drawn_is_named_and_the_rest_is_there(floor, drawn):
    order = floor.place(tea=1)
    OrderLine.objects.filter(order=order).update(name="BREAKS")
    bad, good, gone = number_of(floor, order), placed(floor, tea=1), placed(floor, cup=1)
    asked(bad, good, gone)
    FulfillmentOrder.objects.filter(number=gone).update(units=0)

    drain("paper")

    assert parts() == [
        (1, [bad, good], True, {bad: "it broke"}),
        (2, [gone], False, {gone: "Nothing is left to do."}),
    ]
    assert PrintRun.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_run_is_stopped_between_parts_and_gone_on_with(floor, drawn, monkeypatch):
    numbers = [placed(floor, tea=1) for _ in range(5)]
    asked(*numbers)
    keep = services.keep_part

    def keep_and_stop(**named):
        kept = keep(**named)
        services.stop_paper(number="PR-1001", at=timezone.now())
        return kept

    monkeypatch.setattr(services, "keep_part", keep_and_stop)
    drain("paper")
    monkeypatch.undo()
    assert [made for _, _, made, _ in parts()] == [True, False, False]
    assert (PrintRun.objects.get().state, PrintRun.objects.get().done) == ("stopped", 2)
    assert not Job.objects.filter(kind="paper").exists()
    now = timezone.now()
    with pytest.raises(TransitionNotAllowed):
        services.stop_paper(number="PR-1001", at=now)

    services.resume_paper(number="PR-1001", at=now)
    with pytest.raises(TransitionNotAllowed):
        services.resume_paper(number="PR-1001", at=now)
    before = PrintPart.objects.get(nth=1).made_at
    with monkeypatch.context() as patch:
        patch.setattr(
            pdf, "render_together", lambda parts, **_: (Together(b"%", {}) for _ in parts)
        )
        drain("paper")

    assert [made for _, _, made, _ in parts()] == [True, True, True]
    assert PrintPart.objects.get(nth=1).made_at == before
    assert (PrintRun.objects.get().state, PrintRun.objects.get().done) == ("done", 5)


@pytest.mark.django_db(transaction=True)
def test_a_slice_ends_and_the_next_job_goes_on_where_it_was(floor, drawn, monkeypatch):
    asked(*(placed(floor, tea=1) for _ in range(4)))
    monkeypatch.setattr("fulfillment.tasks_paper.SLICE", -1)

    drain("paper", limit=2)

    assert PrintRun.objects.get().done == 0
    assert Job.objects.get(kind="paper").key == "PR-1001"
    monkeypatch.setattr("fulfillment.tasks_paper.SLICE", 20)
    drain("paper")
    assert PrintRun.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_job_dies_is_stopped_and_says_why(floor, monkeypatch):
    asked(placed(floor, tea=1))

    def broken(parts, **named):
        raise pdf.RenderFailed(reason="no fonts")

    monkeypatch.setattr(pdf, "render_together", broken)
    Job.objects.filter(kind="paper").update(attempts=7)
    drain("paper")

    run = PrintRun.objects.get()
    assert (run.state, run.done) == ("stopped", 0)
    assert "no fonts" in run.problem
    services.resume_paper(number=run.number, at=timezone.now())
    assert Job.objects.get(kind="paper").state == "waiting"


def test_a_part_that_is_kept_twice_is_there_once(floor):
    number = placed(floor, tea=1)
    asked(number)
    now = timezone.now()
    named = {"number": "PR-1001", "nth": 1, "failed": {}, "at": now}

    assert services.keep_part(file="papers/a.pdf", **named)
    assert not services.keep_part(file="papers/b.pdf", **named)

    assert PrintPart.objects.get().file.name == "papers/a.pdf"
    assert PrintRun.objects.get().done == 1


@pytest.mark.django_db(transaction=True)
def test_the_files_of_runs_that_were_over_long_ago_are_forgotten(floor, drawn, settings):
    settings.PAPERS_KEPT_DAYS = 30
    old, fresh, stopped = (asked(placed(floor, tea=1)) for _ in range(3))
    drain("paper")
    now = timezone.now()
    PrintRun.objects.filter(pk=old.pk).update(over_at=now - timedelta(days=31))
    PrintRun.objects.filter(pk=stopped.pk).update(over_at=None, state="drawing")
    names = {part.run_id: part.file.name for part in PrintPart.objects.all()}

    assert not services.purge_papers(at=now)

    kept = {part.run_id: part for part in PrintPart.objects.all()}
    assert [bool(kept[run.pk].file) for run in (old, fresh, stopped)] == [False, True, True]
    assert [kept[run.pk].is_purged for run in (old, fresh, stopped)] == [True, False, False]
    assert not default_storage.exists(names[old.pk])
    assert default_storage.exists(names[fresh.pk])
    with pytest.raises(PaperNotReady):
        services.note_print(number=old.number, nth=1, by=KIM, at=now)


def test_reprints_are_counted(floor):
    asked(placed(floor, tea=1))
    now = timezone.now()
    with pytest.raises(PaperNotReady):
        services.note_print(number="PR-1001", nth=1, by=KIM, at=now)
    services.keep_part(number="PR-1001", nth=1, file="papers/a.pdf", failed={}, at=now)

    for by in (OTTO, KIM):
        services.note_print(number="PR-1001", nth=1, by=by, at=now)

    part = PrintPart.objects.get()
    assert (part.printed, part.printed_by) == (2, "user:kim")
    with pytest.raises(PrintRunNotFound):
        services.note_print(number="PR-9", nth=1, by=KIM, at=now)


def test_nothing_too_much_and_what_lies_elsewhere_is_not_printed(floor, monkeypatch):
    floor.location("leipzig")
    number = placed(floor, tea=1)
    with pytest.raises(NothingToPrint):
        asked(number, location="leipzig")
    with pytest.raises(NothingToPrint):
        asked()
    with pytest.raises(LocationNotFound):
        asked(number, location="mars")
    monkeypatch.setattr(printing, "MOST_DOCUMENTS", 1)
    with pytest.raises(TooMuchPaper):
        asked(number, "FO-1-1")

    assert not PrintRun.objects.exists()
    assert not Job.objects.filter(kind="paper").exists()


def test_a_part_is_no_longer_than_fits_in_memory(floor, monkeypatch):
    monkeypatch.setattr(printing, "LINES_OF_A_PART", 3)
    numbers = [placed(floor, tea=1, cup=1) for _ in range(2)]

    asked(*numbers)

    assert [row[1] for row in parts()] == [[numbers[0]], [numbers[1]]]


def test_a_slip_speaks_the_customers_language_shows_a_note_and_no_price(floor):
    order = floor.place(tea=2)
    Order.objects.filter(pk=order.pk).update(language="de")
    said = {"said": {"Gift message": "Alles Gute, Oma", "Color": "red"}}
    OrderLine.objects.filter(order=order).update(said=said)
    number = number_of(floor, order)

    [page] = pages_of(PaperKind.SLIPS, [number])[number]

    assert 'lang="de"' in page
    assert page.count("Alles Gute, Oma") == 1
    assert '<aside class="gift">' in page
    assert "Color: red" in page
    assert str(order.total_amount) not in page
    assert str(order.lines.get().unit_price.normalize()) not in page
    assert "€" not in page


def test_papers_of_one_and_of_many_take_the_same_queries(floor, django_assert_num_queries):
    for _ in range(3):
        placed(floor, tea=1, pot=1)
    works = list(FulfillmentOrder.objects.select_related("order__channel", "location"))

    for some in (works[:1], works):
        with django_assert_num_queries(4):
            slips_of(some)
        with django_assert_num_queries(2):
            lists_of(some)


def test_pick_lists_lead_past_the_bins_and_a_walk_names_its_totes(floor):
    numbers = [placed(floor, pot=1, tea=2), placed(floor, tea=3)]
    lists = pages_of(PaperKind.PICK_LISTS, numbers)
    assert list(lists) == numbers
    [page] = lists[numbers[0]]
    assert page.index("A-2") < page.index("B-1")

    wave(*numbers, rule="cart")
    totes("WV-1001", "T-1", "T-2")
    [page] = pages_of(PaperKind.WALKS, ["WV-1001"])["WV-1001"]
    assert "T-1: 2, T-2: 3" in page
    assert page.count("A-2") == 1
