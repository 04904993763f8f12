"""Files of orders that others wrote: mapped, looked at, brought in, each order once."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from oms.channels import services, tasks
from oms.channels.models import ColumnMapping, FileImport, FileProblem, FileRow
from oms.core import jobs
from oms.core.models import EventRecord, Job
from orders.models import Order
from tests.importing import act, look, upload

SHOP = (
    "Name,Email,Currency,Shipping,Taxes,Created at,Lineitem quantity,Lineitem price,Lineitem sku,"
    "Shipping Name,Shipping Address1,Shipping City,Shipping Zip,Shipping Country\n"
    "#1001,ada@example.com,EUR,4.95,0,2026-11-18 10:00:00 +0100,2,4.50,tea,Ada Vale,Kade 1,Delft,"
    "2611,Netherlands\n"
    "#1001,ada@example.com,,,,,1,9.00,cup,,,,,\n"
    "#1002,bo@example.com,EUR,0,0,2026-11-18 11:00:00 +0100,1,4.50,tea,Bo Lund,Gata 2,Lund,22100,"
    "SE\n"
)


@pytest.fixture
def lead(world):
    world.channel("shop")
    world.stock("tea", rotterdam=99)
    world.stock("cup", rotterdam=99)
    return world.browser(world.user("otto", role="operations"))


def mapping(page, **fields):
    """What the page of columns would send: its fields as they stand, and what is changed."""
    form = page.context["form"]
    said = {name: form[name].value() or "" for name in form.fields}
    return {**said, **fields}


def settle(lead, page, **fields):
    number = page.context["file"].number
    answer = lead.post(f"/files/imports/{number}/columns/", mapping(page, **fields), follow=True)
    jobs.drain("file")
    if answer.status_code == 422:
        return answer
    return lead.get(f"/files/imports/{number}/", follow=True)


def test_a_file_of_another_shop_is_mapped_and_its_mapping_taken_again(lead):
    page = look(lead, "orders", SHOP, channel="shop")
    assert page.redirect_chain[-1][0].endswith("/columns/")
    assert "it looks like a file of Shopify" in page.content.decode()
    assert "Taxes" in page.context["form"].unused()

    looked = settle(lead, page)

    file = FileImport.objects.get()
    assert (file.state, file.rows, file.bad, file.counts) == ("checked", 3, 0, {"added": 2})
    assert not Order.objects.exists()
    assert looked.context["rows"][1][1][:4] == [
        "#1001",
        "2026-11-18T10:00:00+01:00",
        "EUR",
        "Ada Vale",
    ]
    act(lead, looked, "bring-in")
    first, second = Order.objects.order_by("external_id")
    assert (first.external_id, str(first.total_amount)) == ("#1001", "22.950")
    assert (first.ship_to.country, second.ship_to.country) == ("NL", "SE")
    told = (
        EventRecord.objects.filter(thread=file.number).order_by("id").values_list("name", "actor")
    )
    assert [name for name, _ in told] == [
        "file.arrived", "file.mapped", "file.started", "file.brought_in",
    ]  # fmt: skip
    assert {actor for _, actor in told} == {"user:otto"}

    # The next one is looked at right away: nobody maps it again.
    assert ColumnMapping.objects.get().name == "Shopify"
    again = look(lead, "orders", SHOP.replace("#1002", "#1003"), channel="shop")
    assert again.context["file"].state == "checked"
    assert again.context["file"].counts == {"known": 1, "added": 1}


def test_the_price_of_whole_lines_is_shared_out_and_their_shipping_added_up(lead):
    text = (
        "order-id\torder-item-id\tpurchase-date\tbuyer-email\tsku\tquantity-purchased\tcurrency\t"
        "item-price\titem-tax\tshipping-price\trecipient-name\tship-city\tship-country\n"
        "171-1\t1\t2026-11-18T10:00:00+00:00\ta@example.com\ttea\t3\tEUR\t10.00\t2.10\t1.50\tAda\tDelft\tNL\n"
        "171-1\t2\t2026-11-18T10:00:00+00:00\ta@example.com\tcup\t1\tEUR\t9.00\t1.89\t1.50\tAda\tDelft\tNL\n"
    )
    act(lead, settle(lead, look(lead, "orders", text, channel="shop")), "bring-in")

    order = Order.objects.get()
    assert str(order.total_amount) == "25.990"
    assert sorted(str(line.unit_price) for line in order.lines.all()) == ["3.333333", "9.000000"]


COMMAS = (
    "Bestellnummer;Datum;Name;Land;Artikelnummer;Menge;Einzelpreis\n"
    "7;03.04.2026;Jörg;Deutschland;tea;1;1.234\n"
)


def test_what_the_cells_leave_open_has_to_be_said(lead):
    page = look(lead, "orders", COMMAS.encode("cp1252"), channel="shop")
    said = {"from_placed_at": "1", "always_currency": "EUR", "from_country": "3", "from_name": "2"}

    refused = settle(lead, page, **said)

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"encoding", "decimals", "dates", "time_zone"}
    said |= {
        "encoding": "cp1252",
        "decimals": "comma",
        "dates": "day",
        "time_zone": "Europe/Berlin",
    }
    act(lead, settle(lead, page, **said), "bring-in")
    order = Order.objects.get()
    assert (order.customer_name, order.placed_at.isoformat()) == (
        "Jörg",
        "2026-04-02T22:00:00+00:00",
    )
    assert (str(order.total_amount), order.currency) == ("1234.000", "EUR")


def test_a_column_that_is_needed_and_a_constant_that_does_not_fit_are_errors_by_their_fields(lead):
    page = look(lead, "orders", COMMAS.encode(), channel="shop")

    refused = settle(lead, page, always_currency="Taler", from_sku="")

    assert refused.status_code == 422
    assert "from_sku" in refused.context["form"].errors
    assert "always_currency" in refused.context["form"].errors
    assert 'aria-describedby="id_always_currency_error"' in refused.content.decode()
    assert FileImport.objects.get().state == "arrived"


OURS = "external_id,placed_at,currency,name,country,sku,quantity,unit_price\n"


def orders(*rows):
    return OURS + "".join(
        f"{order},2026-11-18T10:00:00Z,EUR,Ada,NL,{sku},{units},4.50\n"
        for order, sku, units in rows
    )


def test_bad_rows_come_back_with_their_order_and_why_and_are_mended(lead):
    text = orders(
        ("A", "tea", 1), ("B", "tea", 1), ("B", "gum", 1), ("C", "cup", "two"), ("A", "cup", 2)
    )

    looked = look(lead, "orders", text, channel="shop")

    file = looked.context["file"]
    assert (file.rows, file.bad, file.counts) == (5, 3, {"added": 1})
    assert [(each.line, each.column, each.text) for each in FileProblem.objects.all()] == [
        (4, "sku", "gum"),
        (5, "quantity", "two"),
    ]
    act(lead, looked, "bring-in", skip="yes")
    assert [(order.external_id, order.lines.count()) for order in Order.objects.all()] == [("A", 2)]

    sent = b"".join(lead.get(f"/files/imports/{file.number}/to-mend.csv").streaming_content)
    rows = list(csv.reader(io.StringIO(sent.decode())))
    assert rows[0][-1] == "what is wrong"
    assert [row[0] for row in rows[1:]] == ["B", "B", "C"]
    assert rows[2][-1] == "sku: Not in the catalog: gum."
    mended = sent.decode().replace('"gum"', '"tea"').replace('"two"', '"2"')
    act(lead, look(lead, "orders", mended, channel="shop"), "bring-in")
    assert [order.external_id for order in Order.objects.order_by("external_id")] == ["A", "B", "C"]


def test_the_second_who_brings_the_same_bytes_is_told(lead, world):
    text = orders(("A", "tea", 1))
    first = look(lead, "orders", text, channel="shop").context["file"]
    kim = world.browser(world.user("ada", role="administrator"))

    led = kim.post("/files/orders/", upload(text, channel="shop"), follow=True)

    assert f"on its way already: {first.number}, brought by otto" in led.content.decode()
    assert led.context["file"] == first
    assert FileImport.objects.count() == 1
    lead.post(f"/files/imports/{first.number}/discard/")
    after = look(kim, "orders", text, channel="shop")
    assert after.context["before"] == [first]


MANY = [(f"N-{n}", "tea", 1) for n in range(7)]


def test_a_file_goes_on_where_its_worker_died_and_every_order_comes_once(lead, monkeypatch):
    monkeypatch.setattr("orders.imports.Orders.at_once", 2)
    looked = look(
        lead, "orders", orders(*MANY, *((n, "cup", 1) for n, _, _ in MANY)), channel="shop"
    )
    number = looked.context["file"].number
    lead.post(f"/files/imports/{number}/bring-in/")
    carry_on, done = services.carry_on, []

    def dies(**said):
        if len(done) == 2:
            raise SystemExit("killed")
        done.append(carry_on(**said))
        return done[-1]

    monkeypatch.setattr(services, "carry_on", dies)
    with pytest.raises(SystemExit):
        jobs.drain("file")
    file = FileImport.objects.get()
    assert (file.state, file.position, Order.objects.count()) == ("writing", 5, 4)

    monkeypatch.setattr(services, "carry_on", carry_on)
    Job.objects.filter(kind="file").update(lease_until=None, lease_token=None)
    jobs.drain("file")

    file.refresh_from_db()
    assert (file.state, file.done, file.counts) == ("done", 14, {"added": 7})
    assert Order.objects.count() == 7
    assert {order.lines.count() for order in Order.objects.all()} == {2}
    assert not Job.objects.filter(kind="file").exists()


def test_a_file_that_was_stopped_goes_on_when_that_is_said(lead, monkeypatch):
    monkeypatch.setattr("orders.imports.Orders.at_once", 3)
    monkeypatch.setattr(tasks, "SLICE", 0)
    looked = look(lead, "orders", orders(*MANY), channel="shop")
    number = looked.context["file"].number
    lead.post(f"/files/imports/{number}/bring-in/")
    jobs.drain("file", limit=1)
    assert (
        "3 of 7 rows are behind us" in lead.get(f"/files/imports/{number}/live/").content.decode()
    )

    lead.post(f"/files/imports/{number}/stop/")
    jobs.drain("file")
    assert Order.objects.count() == 3
    assert lead.get(f"/files/imports/{number}/live/").headers["HX-Refresh"] == "true"

    lead.post(f"/files/imports/{number}/resume/")
    jobs.drain("file")
    assert (Order.objects.count(), FileImport.objects.get().state) == (7, "done")


def test_a_worker_of_before_keeps_no_rows_of_a_file_that_was_mapped_anew(lead):
    look(lead, "orders", orders(("A", "tea", 1)), channel="shop")
    file = FileImport.objects.get()

    kept = services.keep_rows(
        number=file.number, turn=file.turn - 1, rows=[(9, 9, ["x"])], is_last=False
    )

    assert kept is False
    assert FileRow.objects.count() == 1


def test_work_that_fails_time_and_again_lays_the_file_down(lead, monkeypatch):
    looked = look(lead, "orders", orders(*MANY), channel="shop")
    number = looked.context["file"].number
    lead.post(f"/files/imports/{number}/bring-in/")

    services.give_up(number=number, reason="It is broken.", at=timezone.now())

    page = lead.get(f"/files/imports/{number}/")
    assert "It is broken." in page.content.decode()
    assert page.context["file"].state == "stopped"
    lead.post(f"/files/imports/{number}/resume/")
    jobs.drain("file")
    assert Order.objects.count() == 7


def test_files_go_when_their_time_is_over_and_what_became_of_them_stays(lead):
    act(lead, look(lead, "orders", orders(("A", "tea", 1)), channel="shop"), "bring-in")
    file = FileImport.objects.get()
    assert services.purge_files(at=timezone.now() + timedelta(days=31)) is False

    file.refresh_from_db()
    assert (file.state, file.counts, bool(file.file)) == ("done", {"added": 1}, False)
    assert not FileRow.objects.exists()
    assert "are gone" in lead.get(f"/files/imports/{file.number}/").content.decode()
    assert lead.get(f"/files/imports/{file.number}/original/").status_code == 404


def test_the_file_is_kept_as_it_came_and_shown_to_those_whose_work_it_is(lead, world):
    content = SHOP.encode("utf-16")
    answer = lead.post("/files/orders/", upload(content, channel="shop"))
    number = FileImport.objects.get().number
    pia = world.browser(world.user("pia", role="purchasing"))
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))

    assert answer.status_code == 302
    assert b"".join(lead.get(f"/files/imports/{number}/original/").streaming_content) == content
    assert number in lead.get("/files/imports/").content.decode()
    assert number not in pia.get("/files/imports/").content.decode()
    for page in ("", "columns/", "live/", "original/", "to-mend.csv"):
        assert pia.get(f"/files/imports/{number}/{page}").status_code == 404
        assert kim.get(f"/files/imports/{number}/{page}").status_code == 403
    assert pia.post(f"/files/imports/{number}/discard/").status_code == 404
    assert lead.post(f"/files/imports/{number}/nothing/").status_code == 404
    assert lead.get("/files/imports/IF-1/").status_code == 404


def test_a_list_of_files_costs_the_same_with_one_and_three(lead, django_assert_num_queries):
    for nth in range(3):
        look(lead, "orders", orders((f"A-{nth}", "tea", 1)), channel="shop")
        if nth in {0, 2}:
            with django_assert_num_queries(17):
                lead.get("/files/imports/")
