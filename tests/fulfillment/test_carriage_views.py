"""The pages of carriers, and the ship station."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.models import Box, CarrierService, Rate, Shipment
from oms.channels.models import FileImport, FileProblem
from tests.fulfillment.rates import rate, service, two_services
from tests.fulfillment.steps import only_work_of, packed, status_of
from tests.importing import act, look, upload

SERVICES = "/fulfillment/services/"
RATES = "/files/rates/"
FILE = (
    "service,carrier,country,up_to_weight_g,amount,currency\n"
    "parcel,PostNL,NL,1000,4.95,EUR\n"
    "parcel,PostNL,*,1000,14.95,EUR\n"
)


@pytest.fixture
def kim(world):
    return world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))


@pytest.fixture
def otto(world):
    return world.browser(world.user("otto", role="operations"))


@pytest.fixture
def work(world):
    world.stock("tea", rotterdam=9)
    work = only_work_of(world.place(tea=2))
    packed(work)
    return work


def text(answer):
    return " ".join(answer.content.decode().split())


def station(work):
    return f"/fulfillment/{work.number}/ship/"


def test_the_station_shows_what_is_suggested_what_it_costs_and_the_others(kim, work):
    two_services()

    page = text(kim.get(station(work)))

    assert "PostNL parcel" in page
    assert "suggested" in page
    assert "€5.00" in page
    assert "€15.00" in page
    assert "10.00 EUR more" in page
    assert 'value="parcel" checked' in page


def test_the_suggested_service_takes_it_by_one_press(kim, work):
    two_services()

    kim.post(station(work), {"option": "parcel", "tracking_number": "3S1"})

    shipment = Shipment.objects.get()
    assert (shipment.carrier, shipment.service, shipment.tracking_number) == (
        "PostNL",
        "parcel",
        "3S1",
    )
    assert shipment.choice["overridden"] is False


def test_another_service_needs_a_reason_which_stays_on_the_shipment(kim, work):
    two_services()

    silent = kim.post(station(work), {"option": "express"})
    assert silent.status_code == 422
    assert "Say why another service takes it." in text(silent)
    assert 'value="express" checked' in text(silent)
    assert status_of(work) == "packed"

    kim.post(station(work), {"option": "express", "reason": "Promised on the phone"})

    shipment = Shipment.objects.get()
    assert (shipment.service, shipment.choice["why"]) == ("express", "Promised on the phone")
    page = text(kim.get(f"/fulfillment/shipments/{shipment.number}/"))
    assert "Promised on the phone" in page
    assert "€15.00" in page


def test_a_carrier_that_is_not_listed_needs_a_reason_and_a_tracking_number(kim, work):
    two_services()

    answer = kim.post(station(work), {"option": "other", "carrier": "My cousin"})

    assert answer.status_code == 422
    assert "Another carrier needs a tracking number." in text(answer)
    assert not Shipment.objects.exists()
    named = {"carrier": "My cousin", "tracking_number": "1", "reason": "Strike"}
    kim.post(station(work), {"option": "other", **named})
    assert Shipment.objects.get().carrier == "My cousin"


def test_without_own_rates_nobody_asks_why_and_no_amount_is_shown(kim, work):
    page = text(kim.get(station(work)))

    assert "Standard" in page
    assert "€" not in page.partition("<main")[2]
    assert "Why not the suggested one" not in page
    kim.post(station(work), {"option": "express"})
    assert Shipment.objects.get().service == "express"


def test_the_order_page_shows_the_freight(world, otto, kim, work):
    two_services()
    kim.post(station(work), {"option": "parcel"})

    page = text(otto.get(f"/orders/{work.order.number}/"))

    assert "Freight, 1 shipment" in page
    assert "€5.00" in page


def test_until_there_are_own_services_the_built_in_ones_are_told(kim):
    page = text(kim.get(SERVICES))

    assert "three services that are built in" in page
    assert "Priority" in page
    assert "Add a service" not in page


def test_operations_enters_a_service_and_the_warehouse_may_not(kim, otto):
    said = {
        "carrier": "PostNL",
        "name": "Parcel",
        "code": "postnl-parcel",
        "methods": "standard, economy",
        "transit_days": 2,
        "weekdays": [0, 1, 2, 3, 4, 5],
        "fuel_percent": "7.5",
        "is_active": "on",
    }
    assert kim.post(f"{SERVICES}new/", said).status_code == 403
    assert not CarrierService.objects.exists()

    answer = otto.post(f"{SERVICES}new/", said, follow=True)

    kept = CarrierService.objects.select_related("carrier").get()
    assert (kept.code, kept.methods, kept.fuel_percent) == (
        "postnl-parcel",
        ["standard", "economy"],
        Decimal("7.50"),
    )
    assert kept.carrier.weekdays == [0, 1, 2, 3, 4, 5]
    assert "No rates yet" in text(answer)
    again = otto.post(f"{SERVICES}new/", said)
    assert "There is a service of this code already." in text(again)


def test_a_service_is_changed_and_switched_off_on_its_page(kim, otto):
    two_services()
    page = f"{SERVICES}parcel/"
    said = {"carrier": "PostNL", "name": "Parcel", "transit_days": 4, "weekdays": [0]}

    assert kim.post(page, said).status_code == 403
    otto.post(page, said)

    kept = CarrierService.objects.get(code="parcel")
    assert (kept.transit_days, kept.is_active, kept.name) == (4, False, "Parcel")
    assert "€9.00" in text(kim.get(page))
    assert kim.get(f"{SERVICES}nobody/").status_code == 404


def test_a_rate_is_removed_on_the_page_of_its_service(kim, otto):
    two_services()
    said = {"country": "", "up_to_weight_g": "2000", "valid_from": "0001-01-01"}
    page = f"{SERVICES}parcel/remove-rate/"

    assert kim.post(page, said).status_code == 403
    assert otto.post(page, {**said, "up_to_weight_g": "x"}).status_code == 404
    assert "The rate is gone." in text(otto.post(page, said, follow=True))

    assert list(
        Rate.objects.filter(zone__service__code="parcel").values_list("up_to_weight_g", flat=True)
    ) == [10_000]


def test_one_rate_is_entered_or_changed_by_hand(kim, otto):
    two_services()
    page = f"{SERVICES}parcel/rate/"
    said = {"country": "*", "up_to_weight_g": "2000", "amount": "5.55", "currency": "EUR"}
    assert kim.post(page, said).status_code == 403
    wrong = otto.post(page, {**said, "amount": "much", "origin": "mars"})
    assert wrong.status_code == 422
    assert "is not a number such as 1234.50" in text(wrong)

    otto.post(page, said)
    otto.post(page, {**said, "country": "NL", "amount": "4.95", "valid_from": "2026-01-01"})

    rates = Rate.objects.filter(zone__service__code="parcel").order_by("zone", "up_to_weight_g")
    assert [(each.up_to_weight_g, each.amount) for each in rates] == [
        (2000, Decimal("5.550")),
        (10_000, Decimal("9.000")),
        (2000, Decimal("4.950")),
    ]
    assert 'value="4.95"' in text(otto.get(page, {"amount": "4.95"}))


def test_a_file_is_looked_at_first_and_then_brought_in(otto):
    looked = look(otto, "rates", FILE)

    assert '<h2 id="h-far">2 rows</h2>' in text(looked)
    assert "Nothing is written yet." in text(looked)
    assert not Rate.objects.exists()

    done = act(otto, looked, "bring-in")

    assert done.context["counts"] == [("new", 2), ("new services", 1)]
    assert "<dt>New</dt><dd><bdi>2</bdi></dd>" in text(done)
    assert Rate.objects.count() == 2


def test_bad_rows_are_named_by_their_line_in_the_file_and_nothing_is_brought_in(otto):
    looked = look(otto, "rates", FILE + "\nparcel,PostNL,Utopia,1000,1,EUR\n")

    [problem] = FileProblem.objects.all()
    assert (problem.line, problem.column, problem.text) == (5, "country", "Utopia")
    assert "Nothing is written yet." in text(looked)

    refused = act(otto, looked, "bring-in")

    assert "mend them" in text(refused)
    assert refused.context["file"].state == "checked"
    assert not CarrierService.objects.exists()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ("", "The submitted file is empty."),
        ("\n", "The file: there is no header row."),
        ("service\n\0\n", "Line 2: it contains a NUL character."),
    ],
)
def test_what_is_no_table_is_refused_on_the_form(otto, content, refusal):
    answer = otto.post(RATES, upload(content))

    assert answer.status_code == 422
    assert refusal in text(answer)
    assert not FileImport.objects.exists()


def test_a_table_without_the_columns_of_rates_waits_until_somebody_says_which_are_which(otto):
    asked = look(otto, "rates", "what,is,this\n1,2,3\n")
    columns = asked.request["PATH_INFO"]

    assert re.fullmatch("/files/imports/IF-[0-9]+/columns/", columns)
    answer = otto.post(columns, {"verb": "check", "encoding": "utf-8-sig", "delimiter": ","})

    assert answer.status_code == 422
    lacking = ("service", "country", "up_to_weight_g", "amount", "currency")
    assert list(answer.context["form"].errors) == [f"from_{name}" for name in lacking]
    assert FileImport.objects.get().state == "arrived"
    assert not CarrierService.objects.exists()


def test_letters_in_which_a_file_cannot_be_read_are_refused_and_it_stays_as_it_was(otto):
    columns = look(otto, "rates", "what,is,this\n1,2,3\n").request["PATH_INFO"]

    answer = otto.post(columns, {"verb": "read", "encoding": "utf-16"}, follow=True)

    assert "About line 1: it is not utf-16 text." in text(answer)
    assert '<th scope="col" class="nowrap">what</th>' in text(answer)


def test_rates_are_brought_in_by_those_who_may(kim):
    assert kim.get(RATES).status_code == 403
    assert kim.post(RATES, {"table": FILE}).status_code == 403
    assert not Rate.objects.exists()


def test_the_file_that_goes_out_comes_in_again_unchanged(kim, otto):
    two_services()
    rate("parcel", "4.00", country="NL", postal_from="10", postal_to="19", per_kg="0.50", days=1)

    file = b"".join(kim.get("/fulfillment/rates.csv").streaming_content).decode()

    looked = look(otto, "rates", file)
    assert looked.context["counts"] == [("as they are", 4)]

    done = act(otto, looked, "bring-in")
    assert done.context["counts"] == [("as they are", 4)]


def test_own_boxes_take_the_place_of_those_that_are_built_in(world, kim, otto, work):
    said = {"code": "Tube", "length_mm": 900, "width_mm": 100, "height_mm": 100, "weight_g": 120}
    assert kim.post("/fulfillment/boxes/new/", said).status_code == 403

    otto.post("/fulfillment/boxes/new/", {**said, "is_active": "on"})
    otto.post("/fulfillment/boxes/Tube/", {**said, "code": "Other", "is_active": "on"})

    assert list(Box.objects.values_list("code", flat=True)) == ["Tube"]
    world.stock("cup", rotterdam=1)
    other = only_work_of(world.place(cup=1))
    kim.post(f"/fulfillment/{other.number}/pick/")
    assert 'id="box-Tube"' in text(kim.get(f"/fulfillment/{other.number}/pack/"))


def test_the_lists_cost_the_same_for_one_and_for_three(kim):
    def queries():
        with CaptureQueriesContext(connection) as found:
            kim.get(SERVICES)
        return [each["sql"] for each in found if "fulfillment_" in each["sql"]]

    for nth in range(3):
        service(f"s{nth}")
        rate(f"s{nth}", "5.00")
        if nth == 0:
            kim.get(SERVICES)
            one = len(queries())
    kim.get(SERVICES)
    assert len(queries()) == one


def test_the_api_tells_which_service_would_take_it_and_why_not_the_others(world, work):
    two_services()
    client = world.api("shop")
    address = f"/api/v1/fulfillment-orders/{work.number}"

    found = client.get(f"{address}/services/").json()

    assert (found["suggested"], found["late"]) == ("parcel", False)
    assert [(each["service"], each["amount"], each["outcome"]) for each in found["candidates"]] == [
        ("parcel", "5.00", "The cheapest in time"),
        ("express", "15.00", "10.00 EUR more"),
    ]
    answer = client.post(f"{address}/ship/", {"carrier": "DHL"}, format="json").json()
    [shipment] = answer["shipments"]
    assert (shipment["service"], shipment["freight_amount"], shipment["freight_currency"]) == (
        "express",
        "15.00",
        "EUR",
    )
