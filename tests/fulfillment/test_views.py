from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment import services
from fulfillment.models import FulfillmentOrder, PackingSlip, Shipment, TrackingEvent
from orders import services as orders
from tests.fulfillment.steps import (
    KIM,
    only_work_of,
    packed,
    picked,
    released,
    shipped,
    status_of,
    units_of,
    work_of,
)

HX = {"HX-Request": "true"}
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.fixture
def kim(world):
    return world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))


@pytest.fixture
def work(world):
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    return only_work_of(world.place(tea=2, cup=1))


def url(work, page=""):
    return f"/fulfillment/{work.number}/{page}"


def text(answer):
    return " ".join(answer.content.decode().split())


def filled(page):
    return page.partition("<main")[2].count("btn btn-primary")


def test_the_queue_opens_where_something_waits(kim, work):
    page = text(kim.get("/fulfillment/"))

    assert work.number in page
    assert "To release" in page
    assert "Antwerp, BE" in page


def test_each_step_lists_its_work(world, kim):
    world.stock("tea", rotterdam=9)
    at = {}
    for step in ("release", "pick", "picking", "pack", "ship", "shipped"):
        at[step] = only_work_of(world.place(tea=1))
    two = only_work_of(world.place(tea=2))
    released(at["pick"])
    services.pick_one(number=two.number, code="tea", by=KIM, at=timezone.now())
    at["picking"] = two
    picked(at["pack"])
    packed(at["ship"])
    shipped(at["shipped"])

    for step, work in at.items():
        page = text(kim.get(f"/fulfillment/?step={step}"))
        assert work.number in page, step
        for other in {each for key, each in at.items() if key != step}:
            assert f">{other.number}<" not in page, (step, other.number)


def test_what_was_given_first_stands_first_whenever_it_was_written_down(world, kim, work):
    older = only_work_of(world.place(tea=1))
    FulfillmentOrder.objects.filter(pk=older.pk).update(
        created_at=work.created_at - timedelta(days=2)
    )

    page = text(kim.get("/fulfillment/?step=release"))

    assert page.index(f">{older.number}<") < page.index(f">{work.number}<")


def test_what_a_hold_stops_is_listed_on_hold_and_nowhere_else(world, kim, work):
    orders.hold_order(number=work.order.number, kind="payment", reason="", by=KIM)

    assert f">{work.number}<" in text(kim.get("/fulfillment/?step=hold"))
    assert f">{work.number}<" not in text(kim.get("/fulfillment/?step=release"))


def test_the_queue_shows_the_work_of_ones_own_locations_only(world, kim, work):
    world.stock("pot", leipzig=1)
    other = only_work_of(world.place(pot=1))

    page = text(kim.get("/fulfillment/?step=release"))

    assert work.number in page
    assert other.number not in page


def test_chosen_work_is_released_at_once_and_refusals_are_told(world, kim, work):
    held = only_work_of(world.place(tea=1))
    services.hold_work(number=held.number, reason="Forklift", by=KIM, at=timezone.now())

    page = kim.post("/fulfillment/release/", {"number": [work.number, held.number]}, follow=True)

    assert status_of(work) == "released"
    assert status_of(held) == "open"
    assert "1 order is released." in text(page)
    assert f"{held.number} is on hold" in text(page)


def test_the_page_of_work_offers_the_next_step_as_the_filled_button(kim, work):
    expected = [
        (lambda: None, "Release to the floor"),
        (lambda: released(work), "Pick 3 units"),
        (lambda: picked(work), "Pack 3 units"),
        (
            lambda: services.pack(number=work.number, by=KIM, at=timezone.now()),
            "Ship 1 package",
        ),
    ]
    for step, words in expected:
        step()
        page = text(kim.get(url(work)))
        assert words in page
        assert filled(page) == 1
    services.ship(number=work.number, by=KIM, at=timezone.now())
    assert filled(text(kim.get(url(work)))) == 0


@pytest.mark.parametrize(
    "page",
    ["", "pick/", "pick/short/", "pack/", "ship/", "reject/", "hold/", "move/", "split/"],
)
def test_work_of_another_location_does_not_exist(world, work, page):
    lee = world.browser(world.user("lee", role="warehouse", at=["leipzig"]))

    assert lee.get(url(work, page)).status_code == 404
    assert lee.get(url(work, "packing-slip.pdf")).status_code == 404
    assert not PackingSlip.objects.exists()


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("release/", {}),
        ("pick/", {}),
        ("pick/scan/", {"code": "tea"}),
        ("pick/short/", {"reason": "missing"}),
        ("pack/", {}),
        ("pack/scan/", {"code": "tea"}),
        ("pack/close/", {}),
        ("unpack/", {}),
        ("ship/", {}),
        ("reject/", {"reason": "closed"}),
        ("hold/", {"reason": "x"}),
        ("resume/", {}),
        ("move/", {"location": "leipzig"}),
        ("split/", {}),
    ],
)
def test_nobody_moves_work_of_another_location(world, work, page, data):
    lee = world.browser(world.user("lee", role="warehouse", at=["leipzig"]))

    assert lee.post(url(work, page), data).status_code == 404
    assert status_of(work) == "open"
    assert units_of(work) == {"tea": (2, 0, 0, 0), "cup": (1, 0, 0, 0)}
    lee.post("/fulfillment/release/", {"number": [work.number]})
    assert status_of(work) == "open"


def test_sales_look_but_do_not_touch(world, work):
    sam = world.browser(world.user("sam", role="sales"))

    assert sam.get(url(work)).status_code == 200
    assert filled(text(sam.get(url(work)))) == 0
    for page in ("release/", "pick/", "pack/", "ship/", "reject/", "hold/"):
        assert sam.post(url(work, page), {"reason": "x"}).status_code == 403
    assert status_of(work) == "open"


def test_a_pick_is_scanned_unit_by_unit(kim, work):
    first = kim.post(url(work, "pick/scan/"), {"code": "bc-tea"}, headers=HX)

    assert first.status_code == 200
    assert 'data-verdict="done"' in text(first)
    assert "Tea, 1 of 2" in text(first)
    assert "<html" not in text(first)
    wrong = kim.post(url(work, "pick/scan/"), {"code": "4711"})
    assert wrong.status_code == 422
    assert 'data-verdict="stop"' in text(wrong)
    assert "<html" in text(wrong)
    assert units_of(work)["tea"] == (2, 1, 0, 0)


def test_all_is_found_with_one_press(kim, work):
    kim.post(url(work, "pick/"))

    assert status_of(work) == "picked"


def test_a_short_pick_is_told_by_form(kim, work):
    tea, cup = work.lines.order_by("pk")
    data = {f"units_{tea.pk}": 1, f"units_{cup.pk}": 1, "reason": "missing"}

    too_many = kim.post(url(work, "pick/short/"), {**data, f"units_{tea.pk}": 3})
    assert too_many.status_code == 422
    assert status_of(work) == "open"
    kim.post(url(work, "pick/short/"), data)

    assert status_of(work) == "picked"
    assert units_of(work)["tea"] == (1, 1, 0, 0)


def scan(kim, work, code, **more):
    return kim.post(url(work, "pack/scan/"), {"code": code, **more}, headers=HX)


def test_a_package_is_scanned_closed_and_ready_to_ship(kim, work):
    picked(work)
    assert "3 to go" in text(kim.get(url(work, "pack/")))
    for code in ("bc-tea", "tea", "cup"):
        answer = scan(kim, work, code, box="M", weight="0.9")
        assert answer.status_code == 200
    assert 'value="M" checked' in text(answer)
    assert "Close package 1" in text(answer)

    done = kim.post(url(work, "pack/close/"), {"box": "M", "weight": "0.310"})

    assert done["Location"] == url(work)
    assert status_of(work) == "packed"
    package = FulfillmentOrder.objects.get().packages.get()
    assert (package.box, package.weight_g) == ("M", 310)


def test_a_wrong_unit_says_what_to_do_with_it(world, kim, work):
    picked(work)
    world.sku("pot")

    answer = scan(kim, work, "bc-pot")

    assert answer.status_code == 409
    assert "Put it aside" in text(answer)
    assert 'data-verdict="stop"' in text(answer)
    assert units_of(work)["tea"] == (2, 2, 0, 0)


def test_the_last_scan_is_taken_back_by_button_or_command(kim, work):
    picked(work)
    assert 'name="undo" value="tea"' in text(scan(kim, work, "bc-tea"))

    kim.post(url(work, "pack/scan/"), {"undo": "tea"}, headers=HX)
    assert units_of(work)["tea"] == (2, 2, 0, 0)
    scan(kim, work, "tea")
    assert 'name="last" value="tea"' in text(scan(kim, work, "nothing", last="tea"))
    scan(kim, work, "UNDO", last="tea")

    assert units_of(work)["tea"] == (2, 2, 0, 0)


def test_a_printed_command_closes_the_package(kim, work):
    picked(work)
    for code in ("tea", "tea", "cup"):
        scan(kim, work, code)

    answer = scan(kim, work, "close", box="S")

    assert answer["HX-Redirect"] == url(work)
    assert status_of(work) == "packed"


def test_last_scans_travel_with_the_form_and_are_escaped(kim, work):
    picked(work)

    page = text(scan(kim, work, "tea", scans=["stop|<b>x</b>", "nonsense"]))

    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert "nonsense" not in page


def test_shipping_asks_once_and_tells_who_was_first(kim, work):
    packed(work)
    assert "Ship the package" in text(kim.get(url(work, "ship/")))
    kim.post(url(work, "ship/"), {"carrier": "dhl", "tracking_number": "JD1"})
    shipment = Shipment.objects.get()
    assert shipment.tracking_number == "JD1"

    again = kim.post(url(work, "ship/"), {})

    assert again.status_code == 409
    assert f"shipped as {shipment.number}" in text(again)
    assert Shipment.objects.count() == 1


def test_rejecting_holding_moving_and_splitting_by_form(world, kim, work):
    world.stock("tea", leipzig=9)
    world.stock("cup", leipzig=9)
    assert kim.post(url(work, "hold/"), {"reason": ""}).status_code == 422
    kim.post(url(work, "hold/"), {"reason": "Forklift"})
    assert "Forklift" in text(kim.get(url(work)))
    kim.post(url(work, "resume/"))
    tea = work.lines.get(sku__code="tea")
    cup = work.lines.get(sku__code="cup")
    kim.post(url(work, "split/"), {f"units_{tea.pk}": 1, f"units_{cup.pk}": 0})
    here, split = work_of(work.order)
    assert split.units == 1
    kim.post(url(split, "move/"), {"location": "leipzig"})
    assert FulfillmentOrder.objects.get(pk=split.pk).location.code == "leipzig"

    kim.post(url(here, "reject/"), {"reason": "closed"})

    assert status_of(here) == "rejected"


def test_the_slip_page_waits_and_then_shows_the_paper(kim, work):
    waiting = kim.get(url(work, "packing-slip.pdf"))
    assert waiting.status_code == 503
    assert waiting["Refresh"] == "3"
    slip = PackingSlip.objects.get()
    slip.file.save("x.pdf", ContentFile(b"%PDF"), save=False)
    slip.made_at = timezone.now()
    slip.save()

    paper = kim.get(url(work, "packing-slip.pdf"))

    assert paper["Content-Type"] == "application/pdf"
    assert b"".join(paper.streaming_content) == b"%PDF"


def test_shipments_are_listed_and_tracked_by_hand(world, kim, work):
    shipment = shipped(work, carrier="dhl", tracking_number="JD1")
    assert shipment.number in text(kim.get("/fulfillment/shipments/"))
    assert shipment.number not in text(kim.get("/fulfillment/shipments/?status=delivered"))
    page = f"/fulfillment/shipments/{shipment.number}/"
    assert "JD1" in text(kim.get(page))

    kim.post(page, {"status": "delivered", "location": "Antwerp"})

    assert TrackingEvent.objects.get().location == "Antwerp"
    assert status_of(work) == "delivered"
    lee = world.browser(world.user("lee", role="warehouse", at=["leipzig"]))
    assert lee.get(page).status_code == 404
    assert lee.get("/fulfillment/shipments/").status_code == 200


def statements(call):
    with CaptureQueriesContext(connection) as captured:
        call()
    said = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in said if not sql.startswith(CONTROL)]


@pytest.mark.parametrize("page", ["?step=release", "shipments/"])
def test_lists_cost_the_same_for_one_and_for_three(world, page):
    world.stock("tea", rotterdam=9)
    client = world.browser(world.user("ada", role="operations"))
    costs = []
    for count in (1, 3):
        while FulfillmentOrder.objects.count() < count:
            work = only_work_of(world.place(tea=1))
            if page == "shipments/":
                shipped(work)
        client.get(f"/fulfillment/{page}")
        costs.append(len(statements(lambda: client.get(f"/fulfillment/{page}"))))
    assert costs[0] == costs[1]


def test_a_scan_is_answered_with_few_queries(kim, work):
    picked(work)
    scan(kim, work, "tea")

    said = statements(lambda: scan(kim, work, "tea"))

    ours = [sql for sql in said if "auth_" not in sql and "session" not in sql]
    assert len([sql for sql in ours if "core_user" not in sql]) <= 10
