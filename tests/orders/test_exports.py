"""The list of orders as a file: the same orders, as far as one may see them, page after page."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from orders import exports
from orders.models import Order

pytestmark = pytest.mark.django_db


def rows(answer):
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def clerk(world):
    return world.browser(world.user("clerk", role="operations"))


def test_the_file_holds_what_the_list_is_narrowed_to(world, clerk):
    world.stock("tea", rotterdam=10)
    world.place("1", tea=1)
    world.place("2", tea=2, paid=True, channel="market")

    answer = clerk.get("/orders/export.csv?view=all&channel=market")

    assert answer["Content-Disposition"] == 'attachment; filename="orders-all.csv"'
    [found] = rows(answer)
    assert (found["external_id"], found["channel"], found["total"]) == ("2", "market", "20.000")
    assert len(rows(clerk.get("/orders/export.csv?view=all"))) == 2


def test_pages_follow_one_another_without_a_gap_however_many_orders_share_a_moment(
    world, clerk, monkeypatch
):
    world.stock("tea", rotterdam=10)
    for number in range(5):
        world.place(f"{number}", tea=1)
    monkeypatch.setattr(exports, "PAGE", 2)

    with CaptureQueriesContext(connection) as seen:
        found = [row[1] for row in exports.order_table(Order.objects.all())][1:]

    assert found == ["4", "3", "2", "1", "0"]
    assert len(seen) == 4


def test_the_same_as_a_workbook(world, clerk):
    world.place("=1+1", tea=1)

    answer = clerk.get("/orders/export.xlsx?view=all")

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True)
    [headers, row] = book.active.iter_rows(values_only=True)
    assert headers[:3] == ("number", "external_id", "channel")
    assert row[1] == "'=1+1"


def test_who_sees_one_location_gets_its_orders_alone(world):
    world.stock("tea", rotterdam=1)
    world.stock("cup", leipzig=1)
    world.place("1", tea=1)
    world.place("2", cup=1)
    picker = world.user("picker", role="warehouse", at=["leipzig"])
    seen = world.browser(picker).get("/orders/?view=all")

    answer = world.browser(picker).get("/orders/export.csv?view=all")

    if seen.status_code == 403:
        assert answer.status_code == 403
    else:
        assert [each["external_id"] for each in rows(answer)] == ["2"]


def test_who_may_not_see_orders_gets_no_file(world, client):
    assert client.get("/orders/export.csv").status_code == 302
    stranger = world.browser(world.user("stranger"))
    assert stranger.get("/orders/export.csv").status_code == 403
