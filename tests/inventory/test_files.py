"""Staff bring files in on a screen, and get what stands as the same files."""

import re

import pytest

from inventory.models import Location, Movement, Quant
from oms.catalog.models import Sku
from oms.channels.models import FileImport, FileProblem
from oms.core import books
from oms.core.exports import write_csv
from oms.customers.models import Customer
from tests.importing import Files, act, look, upload


@pytest.fixture
def lead(world):
    return world.browser(world.user("otto", role="operations"))


def body(answer):
    return answer.content.decode()


@pytest.fixture
def shelves(world):
    world.location("rotterdam")
    world.sku("tea", tracking="lot")
    world.sku("cup")


STOCK = (
    "location,sku,on_hand,bin,lot,expires_on,safety_stock,reorder_point\n"
    "rotterdam,tea,4,A-1,L-1,2027-03-01,1,6\n"
    "rotterdam,tea,3,A-2,L-2,,1,6\n"
    "rotterdam,cup,9,B-1,,,0,0\n"
)


def test_a_file_is_looked_at_and_counts_when_it_is_brought_in(world, lead, shelves):
    looked = look(lead, "stock", STOCK)
    assert "3 rows" in body(looked)
    assert "Nothing is written yet." in body(looked)
    assert not Quant.objects.exists()

    done = act(lead, looked, "bring-in")

    assert "<dt>Changed</dt><dd><bdi>2</bdi></dd>" in body(done)
    assert world.on_hand("tea") == {"rotterdam": 7}
    assert set(Movement.objects.values_list("actor", flat=True)) == {"user:otto"}
    assert books.verify() == []

    again = act(lead, look(lead, "stock", STOCK), "bring-in")
    assert "<dt>As they are</dt><dd><bdi>2</bdi></dd>" in body(again)


def test_a_bad_row_is_named_and_the_others_come_in_only_when_that_is_said(world, lead, shelves):
    looked = look(lead, "stock", STOCK + "rotterdam,gum,1,,,,,\n")
    assert [str(each) for each in FileProblem.objects.all()] == ["line 5: there is no SKU gum"]
    assert "there is no SKU gum" in body(looked)
    assert "Bring in the other 3 rows alone" in body(looked)

    assert "mend them" in body(act(lead, looked, "bring-in"))
    assert not Quant.objects.exists()
    act(lead, looked, "bring-in", skip="yes")
    assert world.on_hand("tea") == {"rotterdam": 7}


def test_what_is_written_at_once_is_not_written_when_a_row_has_become_bad(world, lead, shelves):
    looked = look(lead, "stock", STOCK)
    Sku.objects.filter(code="cup").update(is_kit=True)

    shown = act(lead, looked, "bring-in")

    assert "Nothing is written yet." in body(shown)
    assert "cup is a kit" in body(shown)
    assert not Quant.objects.exists()


@pytest.mark.parametrize(
    ("kind", "permission"),
    [("stock", "otto"), ("suppliers", "pia"), ("products", "otto"), ("orders", "otto")],
)
def test_files_are_for_those_whose_work_they_are(world, lead, kind, permission):
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))
    pia = world.browser(world.user("pia", role="purchasing"))
    may = {"otto": lead, "pia": pia}[permission]

    assert kim.get("/files/").status_code == 403
    assert kim.get(f"/files/{kind}/").status_code == 403
    assert kim.get(f"/files/{kind}.csv").status_code == 403
    assert kim.post(f"/files/{kind}/", upload(STOCK)).status_code == 403
    assert may.get(f"/files/{kind}/").status_code == 200
    assert "/files/stock/" not in body(pia.get("/files/"))
    assert lead.get("/files/nothing/").status_code == 404


def test_customers_and_orders_say_whose_they_are(world, lead):
    world.channel("shop")
    text = "external_id,name\nC-1,Ada\n"

    assert lead.post("/files/customers/", upload(text)).status_code == 422
    looked = look(lead, "customers", text, channel="shop")

    assert "<dt>New</dt><dd><bdi>1</bdi></dd>" in body(act(lead, looked, "bring-in"))
    assert Customer.objects.get(external_id="C-1").origin == "shop"


def test_a_file_that_is_too_long_for_a_screen_is_refused(lead, shelves, monkeypatch):
    monkeypatch.setattr("inventory.imports.Stock.most_rows", 2)

    answer = look(lead, "stock", STOCK)

    assert "More than 2 rows: divide it, or bring it in with the command import_data." in body(
        answer
    )
    assert FileImport.objects.get().state == "arrived"


def test_what_stands_comes_in_again_unchanged(world, lead, shelves, tmp_path):
    files = Files(tmp_path)
    files.bring_in("stock", STOCK)
    world.location("leipzig")
    world.stock("cup", leipzig=2)
    world.supplier("leaf", tea={"pack_size": 6}, cup=None)
    files.bring_in("bins", "location,zone,zone_kind,bin,position\nrotterdam,P,picking,A-1,1\n")
    files.bring_in("products", "sku,name\nset,Tea for two\n")
    files.bring_in("kits", "kit,component,quantity\nset,tea,1\nset,cup,2\n")
    before = Movement.objects.count()

    for kind in ("locations", "products", "kits", "bins", "stock", "suppliers"):
        text = b"".join(lead.get(f"/files/{kind}.csv").streaming_content).decode()
        told = files.bring_in(kind, text)
        assert " 0 bad" in told, told
        assert told.rstrip().endswith(" unchanged."), told
        assert not re.search(r"[1-9]\d* (added|changed)", told), told
    assert Movement.objects.count() == before


def test_text_that_a_spreadsheet_would_run_is_defused(world, lead):
    Location.objects.filter(pk=world.location("rotterdam").pk).update(name="=1+1")

    assert "'=1+1" in b"".join(lead.get("/files/locations.csv").streaming_content).decode()
    assert b"".join(write_csv([["=1+1"]])) == b'"\'=1+1"\r\n'
