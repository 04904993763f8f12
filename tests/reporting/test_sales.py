"""Sales figures: as a page, as a table and over the API."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from oms.core import reports
from oms.core.actors import SYSTEM
from oms.core.models import User
from oms.reporting.asking import asked
from orders import services

pytestmark = pytest.mark.django_db


def at(month, day=5):
    return datetime(2026, month, day, 12, tzinfo=UTC)


def place(world, number, channel="shop", country="NL", **units):
    """An order of `units`, placed at `placed_at`, going to `country`."""
    fields = {name: units.pop(name) for name in ("currency", "discount") if name in units}
    fields["placed_at"] = units.pop("placed_at", at(10)).isoformat()
    fields["shipping_address"] = {
        "name": "Robin Vale",
        "line1": "Molenstraat 27",
        "city": "Breda",
        "country": country,
    }
    return world.place(number, channel=channel, fields=fields, **units)


@pytest.fixture
def autumn(world):
    """Three orders in two months, two countries and two channels; one was called off."""
    world.stock("tea", rotterdam=50)
    world.stock("cup", rotterdam=50)
    place(world, "1001", tea=2, cup=1, placed_at=at(9))
    place(world, "1002", tea=3, placed_at=at(10), country="DE")
    place(world, "1003", cup=4, placed_at=at(10, 20), channel="fair")
    gone = place(world, "1004", tea=9, placed_at=at(10, 21))
    services.cancel_order(number=gone.number, reason="wrong", by=SYSTEM)
    return world


def staff(world):
    user = User.objects.filter(username="olga").first() or world.user("olga", role="operations")
    return world.api(user=user, scopes=["reports"])


def ask(world, channel=None, **query):
    client = world.api(channel, scopes=["reports"]) if channel else staff(world)
    return client.get("/api/v1/reports/sales/", query)


def rows(answer):
    return [
        (row["key"], row["orders"], row["units"], row["amount"]) for row in answer.json()["results"]
    ]


def test_by_month_in_the_order_of_time_without_what_was_cancelled(autumn):
    answer = ask(autumn, by="month")

    assert rows(answer) == [("2026-09", 1, 3, "30.00"), ("2026-10", 2, 7, "70.00")]
    assert {row["currency"] for row in answer.json()["results"]} == {"EUR"}


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("country", [("NL", 2, 7, "70.00"), ("DE", 1, 3, "30.00")]),
        ("channel", [("shop", 2, 6, "60.00"), ("fair", 1, 4, "40.00")]),
        ("sku", [("cup", 2, 5, "50.00"), ("tea", 2, 5, "50.00")]),
    ],
)
def test_the_largest_comes_first(autumn, by, found):
    assert rows(ask(autumn, by=by)) == found


def test_a_span_holds_its_last_day(autumn):
    span = {"from": "2026-10-05", "to": "2026-10-20"}

    assert rows(ask(autumn, by="month", **span)) == [("2026-10", 2, 7, "70.00")]
    assert rows(ask(autumn, by="month", to="2026-10-04")) == [("2026-09", 1, 3, "30.00")]


def test_units_that_were_cancelled_are_not_sold(autumn):
    order = place(autumn, "1005", tea=4, placed_at=at(11))
    line = order.lines.get()
    services.cancel_order(number=order.number, reason="less", by=SYSTEM, units={line.pk: 3})

    assert rows(ask(autumn, by="month", **{"from": "2026-11-01"})) == [("2026-11", 1, 1, "10.00")]
    assert rows(ask(autumn, by="sku", **{"from": "2026-11-01"})) == [("tea", 1, 1, "10.00")]


def test_currencies_are_never_added_up(autumn):
    place(autumn, "1006", tea=1, placed_at=at(10), currency="JPY", price="900")

    both = ask(autumn, by="country").json()["results"]
    assert [(row["key"], row["currency"], row["amount"]) for row in both] == [
        ("NL", "JPY", "900"),
        ("NL", "EUR", "70.00"),
        ("DE", "EUR", "30.00"),
    ]
    assert rows(ask(autumn, by="country", currency="JPY")) == [("NL", 1, 1, "900")]


def test_a_channel_sees_its_own_sales(autumn):
    assert rows(ask(autumn, channel="fair", by="month")) == [("2026-10", 1, 4, "40.00")]


@pytest.mark.parametrize(
    ("query", "status", "problem", "pointer"),
    [
        ({"by": "moon"}, 400, "report_key_unknown", "/by"),
        ({"from": "yesterday"}, 400, "span_unreadable", "/from"),
        ({"to": "2026-02-31"}, 400, "span_unreadable", "/to"),
        ({"from": "2026-10-02", "to": "2026-10-01"}, 400, "span_turned", "/to"),
        ({"currency": "€"}, 400, "currency_unreadable", "/currency"),
        ({"mont": "1"}, 400, "parameter_unknown", "/mont"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(autumn, query, status, problem, pointer):
    answer = ask(autumn, **query)

    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_report_that_there_is_not_is_missing(autumn):
    answer = staff(autumn).get("/api/v1/reports/moons/")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/report_unknown"


def test_a_key_without_the_scope_reads_no_report(autumn):
    assert autumn.api("shop", scopes=["orders"]).get("/api/v1/reports/sales/").status_code == 403


def test_the_page_says_draws_and_hands_out_the_same_figures(autumn):
    browser = autumn.browser(autumn.user("ada", role="operations"))

    page = browser.get("/reports/sales/?by=country")
    assert page.status_code == 200
    assert [row["key"] for row in page.context["rows"]] == ["NL", "DE"]
    assert page.context["charts"][0]["rows"] == [("NL", 70.0), ("DE", 30.0)]

    table = b"".join(browser.get("/reports/sales.csv?by=country").streaming_content).decode()
    assert list(csv.reader(io.StringIO(table))) == [
        ["Country", "Currency", "Orders", "Units", "Amount"],
        ["NL", "EUR", "2", "7", "70.00"],
        ["DE", "EUR", "1", "3", "30.00"],
    ]
    content = b"".join(browser.get("/reports/sales.xlsx?by=country").streaming_content)
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[2]] == ["NL", "EUR", 2, 7, 70]


def test_a_span_that_cannot_be_read_is_said_on_the_page(autumn):
    browser = autumn.browser(autumn.user("ada", role="operations"))

    page = browser.get("/reports/sales/?from=soon")

    assert page.status_code == 422
    assert "Not a day: soon." in page.content.decode()
    assert browser.get("/reports/moons/").status_code == 404


def test_whoever_may_not_see_reports_sees_none(autumn):
    browser = autumn.browser(autumn.user("kim", role="warehouse", at=["rotterdam"]))

    assert browser.get("/reports/").status_code == 403
    assert browser.get("/reports/sales/").status_code == 403
    assert browser.get("/reports/sales.csv").status_code == 403


@pytest.mark.parametrize(
    ("by", "queries"), [("month", 2), ("country", 2), ("channel", 2), ("sku", 1)]
)
def test_figures_cost_the_same_queries_for_one_order_and_for_three(
    world, by, queries, django_assert_num_queries
):
    for number in ("1", "2", "3"):
        place(world, number, tea=1)
        with django_assert_num_queries(queries):
            [row] = reports.figures("sales", asked("sales", {"by": by}))
        assert row["orders"] == int(number)


def test_the_share_of_a_line_bears_its_part_of_the_orders_discount(world):
    place(world, "1001", tea=3, placed_at=at(10), discount="3.00")

    assert rows(ask(world, by="sku")) == [("tea", 1, 3, "27.00")]
    assert Decimal(rows(ask(world, by="month"))[0][3]) == Decimal("27.00")


def test_the_key_of_a_person_reads_what_that_person_may(autumn):
    lee = autumn.user("lee", role="warehouse")

    answer = autumn.api(user=lee, scopes=["reports"]).get("/api/v1/reports/sales/")

    assert answer.status_code == 403
    assert answer.json()["permission"] == "core.view_reports"
