"""Transfers through the pages and the API: who may what, on which side, and what refusals say."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory import services
from inventory.models import StockLevel, Transfer, TransferLine
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import EventRecord
from oms.messaging.models import Notice


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def shop(world):
    for sku in ("tea", "cup"):
        world.stock(sku, rotterdam=10, leipzig=0)
    world.location("ghent")
    return world


@pytest.fixture
def office(shop):
    return shop.browser(shop.user("pia", role="purchasing"))


@pytest.fixture
def sender(shop):
    return shop.browser(shop.user("lee", role="warehouse", at=["rotterdam"]))


@pytest.fixture
def receiver(shop):
    return shop.browser(shop.user("kim", role="warehouse", at=["leipzig"]))


@pytest.fixture
def stranger(shop):
    return shop.browser(shop.user("max", role="warehouse", at=["ghent"]))


def ask(key="k", **units):
    return services.request_transfer(
        source="rotterdam",
        target="leipzig",
        lines=[services.Wanted(sku, n) for sku, n in units.items()],
        key=key,
        by=SYSTEM,
        at=timezone.now(),
    )


def ship(transfer, key="s"):
    services.ship_transfer(number=transfer.number, key=key, by=SYSTEM, at=timezone.now())


def line_of(transfer, sku="tea"):
    return TransferLine.objects.get(transfer=transfer, sku__code=sku)


def filled(**fields):
    return {"source": "rotterdam", "target": "leipzig", "key": "form-1", **fields}


def test_a_transfer_goes_its_whole_way_through_the_pages(shop, office, sender, receiver):
    day = timezone.localdate() + timedelta(days=3)
    form = filled(**{"sku-0": "tea", "units-0": "6", "sku-1": "cup", "units-1": "2"})
    form["expected_on"] = day.isoformat()
    answer = office.post("/transfers/new/", form, follow=True)
    transfer = Transfer.objects.get()
    assert f"{transfer.number} is requested. Its units are kept for it." in text(answer)
    assert office.post("/transfers/new/", form).status_code == 302
    assert Transfer.objects.count() == 1
    page = f"/transfers/{transfer.number}/"
    assert "Ship units" in text(sender.get(page))
    assert "Ship units" not in text(receiver.get(page))
    assert "Ship units" not in text(office.get(page))

    tea, cup = line_of(transfer), line_of(transfer, "cup")
    shown = sender.get(f"{page}ship/")
    assert f'name="units-{tea.pk}" value="6"' in text(shown)
    sent = {f"units-{tea.pk}": "6", f"units-{cup.pk}": "0", "key": "s-1"}
    assert "6 units are in transit." in text(sender.post(f"{page}ship/", sent, follow=True))
    sender.post(f"{page}ship/", sent)
    assert line_of(transfer).shipped == 6
    assert "Receive units" in text(receiver.get(page))
    assert "Receive units" not in text(sender.get(page))

    counted = receiver.post(f"{page}receive/", {"code": "bc-tea", "key": "r-1"})
    assert 'data-verdict="done"' in text(counted)
    assert "1 of 6" in text(counted)
    assert 'data-verdict="stop"' in text(
        receiver.post(f"{page}receive/", {"code": "jug", "key": "r-1"})
    )
    came = {f"units-{tea.pk}": "4", f"damaged-{tea.pk}": "1", "key": "r-1"}
    answer = receiver.post(f"{page}receive/", came, follow=True)
    assert "4 units are on the shelf. 1 damaged unit is held." in text(answer)
    receiver.post(f"{page}receive/", came)
    assert (line_of(transfer).received, line_of(transfer).in_transit) == (5, 1)

    over = {f"units-{tea.pk}": "2", "key": "r-2"}
    refused = receiver.post(f"{page}receive/", over)
    assert refused.status_code == 409
    assert "tea: 2 came, 1 are expected by" in text(refused)
    assert "Keep the units that were not in transit" in text(refused)

    version = Transfer.objects.get().version
    said = text(receiver.get(f"{page}close/"))
    assert "1 unit is written off as lost" in said
    assert "2 units that never left are free again" in said
    receiver.post(f"{page}close/", {"reason": "Gone", "version": version})
    shown = text(office.get(page))
    assert "1 unit never came" in shown
    assert "Gone" in shown
    assert line_of(transfer).lost == 1
    assert shop.available("cup") == {"leipzig": 0, "rotterdam": 10}
    assert verify() == []


def test_what_the_form_lacks_is_said_by_the_field(shop, office):
    def answer(**fields):
        form = filled(**{"sku-0": "tea", "units-0": "1"}) | fields
        return office.post("/transfers/new/", form)

    for fields, status, words in (
        ({"target": "rotterdam"}, 422, "Choose another location."),
        ({"units-0": ""}, 422, "Say how many."),
        ({"sku-0": "", "units-0": "2"}, 422, "Say which SKU."),
        ({"sku-0": "", "units-0": ""}, 422, "Name at least one SKU."),
        ({"expected_on": "2020-01-01"}, 422, "That day is over."),
        ({"sku-0": "nothing"}, 409, "No such SKU."),
        ({"units-0": "11"}, 409, "tea: 11 requested, 10 available."),
    ):
        said = answer(**fields)
        assert (said.status_code, words in text(said)) == (status, True), words
    assert not Transfer.objects.exists()
    assert shop.available("tea") == {"leipzig": 0, "rotterdam": 10}


@pytest.mark.parametrize("verb", ["ship", "receive", "close", "cancel"])
def test_each_side_does_its_own_and_others_find_nothing(
    shop, sender, receiver, stranger, office, verb
):
    transfer = ask(tea=2)
    page = f"/transfers/{transfer.number}/{verb}/"
    ours, theirs = (sender, receiver) if verb in ("ship", "cancel") else (receiver, sender)
    assert ours.get(page).status_code == 200
    assert theirs.get(page).status_code == 404
    assert theirs.post(page, {"reason": "x", "key": "k"}).status_code == 404
    assert stranger.get(page).status_code == 404
    assert office.get(page).status_code == (403 if verb in ("ship", "receive") else 200)
    assert Transfer.objects.get().status == "requested"


def test_other_locations_transfers_are_not_there(shop, sender, stranger, receiver):
    transfer = ask(tea=2)
    assert transfer.number in text(sender.get("/transfers/"))
    assert transfer.number in text(receiver.get("/transfers/"))
    assert "No transfers here" in text(stranger.get("/transfers/"))
    assert stranger.get(f"/transfers/{transfer.number}/").status_code == 404
    assert "You work at one location" in text(sender.get("/transfers/new/"))
    form = filled(**{"sku-0": "tea", "units-0": "1"})
    assert sender.post("/transfers/new/", form).status_code == 422
    desk = shop.browser(shop.user("sam", role="support"))
    for page in ("/transfers/", "/transfers/new/", f"/transfers/{transfer.number}/"):
        assert desk.get(page).status_code == 403
    assert Transfer.objects.count() == 1


def test_the_list_asks_as_much_for_three_as_for_one(shop, office):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            shown = office.get("/transfers/")
        assert shown.status_code == 200
        return len(queries)

    ask(key="1", tea=1)
    asked()
    for_one = asked()
    ask(key="2", tea=1, cup=1)
    ask(key="3", cup=1)
    assert asked() == for_one


def test_one_page_asks_as_much_for_two_lines_as_for_one(shop, office):
    def asked(transfer):
        with CaptureQueriesContext(connection) as queries:
            assert office.get(f"/transfers/{transfer.number}/").status_code == 200
        return len(queries)

    one, two = ask(key="1", tea=1), ask(key="2", tea=1, cup=1)
    for transfer in (one, two):
        ship(transfer, key=transfer.number)
    asked(one)
    assert asked(one) == asked(two)


def test_each_side_reads_in_the_inbox_what_it_has_to_do(shop):
    lee = shop.user("lee", role="warehouse", at=["rotterdam"])
    kim = shop.user("kim", role="warehouse", at=["leipzig"])
    transfer = ask(tea=2)
    ship(transfer)

    def subjects(user):
        return [each.subject for each in Notice.objects.filter(copies__user=user)]

    assert subjects(lee) == [f"{transfer.number}: send 2 units to leipzig"]
    assert subjects(kim) == [f"{transfer.number}: 2 units are on their way from rotterdam"]


def test_what_is_in_transit_is_shown_where_it_is_coming(shop, office):
    transfer = ask(tea=2)
    assert "from another location, no day known" in text(office.get("/inventory/tea/"))
    link = f'href="/transfers/{transfer.number}/"'
    assert text(office.get("/inventory/tea/")).count(link) >= 2  # what is coming, and the ledger
    shop.place(tea=30)
    assert f'href="/transfers/{transfer.number}/"' in text(office.get("/supply/shortages/"))
    assert f'href="/transfers/{transfer.number}/"' in text(
        office.get(f"/find/?q={transfer.number}")
    )


# ── The API ─────────────────────────────────────────────────────────────────────────────────

URL = "/api/v1/stock/transfer-orders/"


def keyed(key="i-1"):
    return {"HTTP_IDEMPOTENCY_KEY": key}


def body(**fields):
    return {
        "from_location": "rotterdam",
        "to_location": "leipzig",
        "lines": [{"sku": "tea", "quantity": 4}],
        **fields,
    }


def test_a_partner_warehouse_ships_and_another_receives_by_api(shop):
    everywhere = shop.api()
    sends = shop.api(user=shop.user("lee", role="warehouse", at=["rotterdam"]))
    receives = shop.api(user=shop.user("kim", role="warehouse", at=["leipzig"]))
    other = shop.api(user=shop.user("max", role="warehouse", at=["ghent"]))

    made = everywhere.post(URL, body(expected_on="2030-01-05"), format="json", **keyed())
    assert made.status_code == 201, made.content
    again = everywhere.post(URL, body(expected_on="2030-01-05"), format="json", **keyed())
    assert again.json() == made.json()
    number = made.json()["number"]
    assert made.json()["lines"] == [
        {
            "sku": "tea",
            "lot": "",
            "quantity": 4,
            "shipped": 0,
            "received": 0,
            "over": 0,
            "lost": 0,
            "in_transit": 0,
        }
    ]
    one = f"{URL}{number}/"
    assert other.get(one).status_code == 404
    assert other.get(URL).json()["results"] == []
    assert receives.post(f"{one}ship/", {}, format="json", **keyed()).status_code == 404
    assert sends.post(URL, body(), format="json", **keyed()).status_code == 404

    part = {"lines": [{"sku": "tea", "quantity": 3}]}
    for _ in range(2):
        sent = sends.post(f"{one}ship/", part, format="json", **keyed("s"))
        assert (sent.status_code, sent.json()["status"]) == (200, "shipped")
    assert sends.get(one).json()["lines"][0]["in_transit"] == 3
    came = {"lines": [{"sku": "tea", "quantity": 2, "damaged": 1}]}
    assert sends.post(f"{one}receive/", came, format="json", **keyed()).status_code == 404
    for _ in range(2):
        taken = receives.post(f"{one}receive/", came, format="json", **keyed("r"))
        assert (taken.status_code, taken.json()["status"]) == (200, "part_received")
    many = {"lines": [{"sku": "tea", "quantity": 9}]}
    refused = receives.post(f"{one}receive/", many, format="json", **keyed("r2"))
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert receives.post(f"{one}close/", {"reason": "x", "y": 1}, format="json").status_code == 400
    closed = receives.post(f"{one}close/", {"reason": "Gone"}, format="json").json()
    assert (closed["status"], closed["lines"][0]["lost"]) == ("closed", 1)
    cancelled = sends.post(f"{one}cancel/", {"reason": "late"}, format="json")
    assert cancelled.status_code == 409
    assert EventRecord.objects.filter(name="transfer.received").count() == 1
    assert shop.available("tea") == {"leipzig": 1, "rotterdam": 7}
    assert verify() == []


def test_the_immediate_transfer_keeps_its_address_and_answer(shop):
    said = {
        "sku": "tea",
        "from_location": "rotterdam",
        "to_location": "leipzig",
        "quantity": 4,
        "reason": "",
    }
    answer = shop.api().post("/api/v1/stock/transfers/", said, format="json", **keyed())
    assert (answer.status_code, answer.json()) == (201, said)
    assert shop.on_hand("tea") == {"leipzig": 4, "rotterdam": 6}
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"lines": []}, 400),
        ({"lines": [{"sku": "tea", "quantity": 0}]}, 400),
        ({"more": 1}, 400),
        ({"to_location": "rotterdam"}, 400),
        ({"to_location": "nowhere"}, 404),
        ({"lines": [{"sku": "nothing", "quantity": 1}]}, 400),
        ({"lines": [{"sku": "tea", "quantity": 11}]}, 409),
    ],
)
def test_what_cannot_be_is_refused_by_api_and_nothing_is_kept(shop, fields, status):
    answer = shop.api().post(URL, body(**fields), format="json", **keyed())
    assert answer.status_code == status, answer.content
    assert not Transfer.objects.exists()
    assert not StockLevel.objects.filter(reserved__gt=0).exists()


def test_a_key_without_the_scope_sees_nothing(shop):
    ask(tea=1)
    assert shop.api(scopes=["orders"]).get(URL).status_code == 403
    assert re.match("TR-", shop.api(scopes=["stock"]).get(URL).json()["results"][0]["number"])
