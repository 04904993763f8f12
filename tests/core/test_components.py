"""The tags that every page is written with."""

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.test import RequestFactory

from b2b.states import InvoiceStatus, PurchaseStatus, QuoteStatus, RequestStatus
from fulfillment.states import (
    BackTestStatus,
    FulfillmentOrderStatus,
    RoutingVersionStatus,
    ShipmentStatus,
)
from oms import composition
from oms.channels.states import InboundState
from oms.core.models import Job
from oms.core.templatetags.charts import ceiling, parts_of
from oms.core.tones import TONES, tone_of
from orders.states import (
    HOLDS,
    ChannelOrderState,
    FulfillmentProgress,
    OrderStatus,
    PaymentProgress,
    PaymentStatus,
    RefundStatus,
    ReturnProgress,
)
from returns.states import Disposition, ReturnStatus
from tests.core.rendering import NOW, render

HOUSE = Path(__file__).parents[2]
SPRITE = (HOUSE / "static/oms/icons.svg").read_text()
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
OURS = [
    *HOUSE.glob("templates/*.html"),
    *HOUSE.glob("templates/components/*.html"),
    *HOUSE.glob("templates/core/*.html"),
    *HOUSE.glob("templates/registration/*.html"),
]


# ── State ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in TONES.items() for value in values]
)
def test_every_status_is_a_tone_a_shape_and_a_word(kind: str, value: str) -> None:
    found = TONES[kind][value]

    pill = render("{% pill value kind=kind %}", value=value, kind=kind)

    assert found.tone in {"quiet", "doing", "done", "wait", "stop", "back"}
    assert found.shape in SYMBOLS
    assert f'class="o-pill tone-{found.tone}"' in pill
    assert f"#{found.shape}" in pill
    assert str(found.word) in pill


@pytest.mark.parametrize(
    ("kind", "enum"),
    [
        ("order", OrderStatus),
        ("channel_order", ChannelOrderState),
        ("payment", PaymentProgress),
        ("fulfillment", FulfillmentProgress),
        ("returns", ReturnProgress),
        ("refund", RefundStatus),
        ("payment", PaymentStatus),
        ("fulfillment_order", FulfillmentOrderStatus),
        ("shipment", ShipmentStatus),
        ("routing_version", RoutingVersionStatus),
        ("back_test", BackTestStatus),
        ("return", ReturnStatus),
        ("disposition", Disposition),
        ("job", Job.State),
        ("inbound", InboundState),
        ("rfq", RequestStatus),
        ("quote", QuoteStatus),
        ("purchase_order", PurchaseStatus),
        ("invoice", InvoiceStatus),
    ],
)
def test_no_status_of_the_house_is_missing_from_the_table(
    kind: str, enum: type[TextChoices]
) -> None:
    assert set(enum.values) <= set(TONES[kind])


def test_every_kind_of_hold_has_its_words() -> None:
    assert set(HOLDS) <= set(TONES["hold"])


def test_what_the_table_does_not_know_is_gray_under_its_own_name() -> None:
    assert tone_of("order", "half_forgotten") == ("quiet", "s-ring", "Half forgotten")
    assert tone_of("hold", "customs") == ("wait", "s-pause", "Customs")


def test_a_hold_past_its_clock_is_red_and_still_a_pause() -> None:
    pill = render("{% pill 'address' kind='hold' late=True plain=True %}")

    assert 'class="o-pill tone-stop is-plain"' in pill
    assert "#s-pause" in pill


def test_a_pill_can_say_how_many() -> None:
    assert "2 backordered</span>" in render(
        "{% pill 'backordered' kind='fulfillment' word='2 backordered' %}"
    )


def test_every_icon_that_a_template_names_is_drawn() -> None:
    named = {
        name
        for page in HOUSE.glob("templates/**/*.html")
        for name in re.findall(r'{% icon "([^"]+)"', page.read_text())
    }
    sections = {section["icon"] for section in composition.NAVIGATION}

    assert (named | sections) - SYMBOLS == set()


# ── Charts ───────────────────────────────────────────────────────────────────────────────────


def rects(line: object) -> list[tuple[str, int, int]]:
    drawn = render("{% counters line %}", line=line)
    found = re.findall(r'<rect class="is-(\w+)" x="(\d+)" width="(\d+)" height="1"/>', drawn)
    return [(name, int(start), int(units)) for name, start, units in found]


def test_each_unit_of_a_line_is_drawn_once_at_its_furthest_point() -> None:
    line = SimpleNamespace(
        quantity=15,
        allocated=12,
        picked=9,
        packed=7,
        shipped=6,
        delivered=4,
        returned=1,
        backordered=2,
        cancelled=1,
    )

    assert rects(line) == [
        ("returned", 0, 1),
        ("delivered", 1, 3),
        ("shipped", 4, 2),
        ("packed", 6, 1),
        ("picked", 7, 2),
        ("allocated", 9, 3),
        ("backordered", 12, 2),
        ("cancelled", 14, 1),
    ]
    drawn = render("{% counters line %}", line=line)
    assert 'viewBox="0 0 15 1"' in drawn
    assert (
        'aria-label="15 ordered: 1 returned, 3 delivered, 2 shipped, 1 packed, 2 picked, '
        '3 allocated, 2 backordered, 1 cancelled"' in drawn
    )


def test_what_nothing_has_happened_to_is_the_rest() -> None:
    assert rects({"quantity": 120, "allocated": 96}) == [("allocated", 0, 96), ("rest", 96, 24)]


def test_a_counter_that_was_not_kept_counts_as_what_came_after_it() -> None:
    ordered, parts = parts_of({"quantity": 2, "delivered": 2})

    assert ordered == 2
    assert [(part.name, part.units) for part in parts] == [("delivered", 2)]


def test_a_line_of_nothing_is_an_empty_bar() -> None:
    assert rects({"quantity": 0}) == []
    assert 'viewBox="0 0 1 1"' in render("{% counters line words=False %}", line={"quantity": 0})


def test_a_spark_marks_its_last_value_and_needs_two() -> None:
    assert render("{% spark values %}", values=[1]) == ""
    drawn = render("{% spark values %}", values=[0, 10])
    assert 'points="3.0,24.0 67.0,2.0"' in drawn
    assert 'cx="67.0" cy="2.0"' in drawn


def test_a_bar_chart_carries_its_figures_as_a_table() -> None:
    drawn = render(
        "{% bars rows names 'Placed and shipped by hour' %}",
        rows=[("9:00", 51, 44), ("10:00", 60, 0)],
        names=["Placed", "Shipped"],
    )

    assert 'aria-label="Placed and shipped by hour. Placed 111, Shipped 44"' in drawn
    assert drawn.count("<rect") == 4
    assert '<th scope="row" class="fw-normal">9:00</th><td class="num">51</td>' in drawn
    assert render("{% bars rows names 'Nothing yet' %}", rows=[], names=["Placed"])


@pytest.mark.parametrize(("value", "end"), [(0, 4), (3, 4), (72, 80), (101, 200), (999, 1000)])
def test_an_axis_ends_on_a_round_number(value: float, end: int) -> None:
    assert ceiling(value) == end


# ── Parts of pages ───────────────────────────────────────────────────────────────────────────


@time_machine.travel(NOW, tick=False)
def test_a_timeline_tells_the_newest_first_by_day_with_what_is_next_on_top() -> None:
    def at(**ago: int) -> dt.datetime:
        return NOW - dt.timedelta(**ago)

    told = render(
        "{% timeline entries %}",
        entries=[
            {"at": at(days=9), "title": "Placed"},
            {"at": at(hours=-3), "title": "Ship FO-1"},
            SimpleNamespace(
                at=at(hours=1), title="<b>Held", detail="K. Winter", tone="wait", shape="s-pause"
            ),
            {"at": at(days=1), "title": "Picked", "url": "/fo/"},
        ],
    )

    assert re.findall(r'class="is-day">([^<]+)<', told) == [
        "Next",
        "Today",
        "Yesterday",
        "Mon 9 Nov",
    ]
    assert "&lt;b&gt;Held" in told
    assert "09:02</time>, K. Winter" in told
    assert 'class="icon tone-wait"' in told
    assert '<a href="/fo/">Picked</a>' in told


def request_for(query: str) -> object:
    return RequestFactory().get(f"/orders/?{query}")


def test_pages_keep_the_filters() -> None:
    told = render(
        "{% pager page %}",
        page={"newer": None, "older": "abc="},
        request=request_for("status=open&cursor=old"),
    )

    assert 'href="?status=open&amp;cursor=abc%3D"' in told
    assert told.count("href=") == 3  # two icons and one page
    assert render("{% pager page %}", page={"newer": None, "older": None}) == ""


class Filters(forms.Form):
    status = forms.MultipleChoiceField(choices=[("open", "Open"), ("draft", "Draft")])
    placed = forms.CharField(label="Placed")
    search = forms.CharField()


def test_each_filter_in_force_is_a_chip_that_leads_to_the_list_without_it() -> None:
    query = "status=open&status=draft&placed_min=2026-01-01&search=tea&sort=number&cursor=x"
    filters = SimpleNamespace(form=Filters(QueryDict(query)))

    told = render("{% chips filterset %}", filterset=filters, request=request_for(query))

    assert "Status <b>Open, Draft</b>" in told
    assert "Placed <b>2026-01-01</b>" in told
    assert 'href="?placed_min=2026-01-01&amp;search=tea&amp;sort=number"' in told
    assert told.count("o-chip") == 2
    assert 'href="?sort=number">Clear' in told


def test_tabs_say_which_view_is_shown_and_about_how_many() -> None:
    told = render(
        "{% tabs items %}",
        items=[
            {"label": "All", "url": "?", "count": 1234},
            {"label": "Open", "url": "?v", "count": 0, "current": True},
        ],
    )

    assert '<a href="?">All<span class="o-count">1.2k</span></a>' in told
    assert '<a href="?v" aria-current="true">Open<span class="o-count">0</span></a>' in told


def test_a_banner_holds_its_text_and_escapes_its_title() -> None:
    told = render("{% banner 'wait' 's-pause' title %}<p>Stops</p>{% endbanner %}", title="<Hold>")

    assert "<h2>&lt;Hold&gt;</h2><p>Stops</p>" in told


def test_an_error_summary_links_to_the_fields_and_takes_the_focus() -> None:
    form = Filters({"status": "open", "search": "tea"})

    told = render("{% form_errors form %}", form=form)

    assert "2 things to put right" in told
    assert 'tabindex="-1" autofocus' in told
    assert '<a href="#id_placed">Placed</a>: This field is required.' in told


# ── The house's own rules for pages ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.name)
def test_no_page_of_the_shell_needs_what_the_security_policy_forbids(page: Path) -> None:
    source = page.read_text()

    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=|hx-on|\"js:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"(src|href)=\"https?:", source)


def test_stylesheets_and_scripts_point_at_nothing_that_is_not_shipped() -> None:
    for file in HOUSE.glob("static/**/*"):
        if file.suffix in {".css", ".js"}:
            source = file.read_text()
            assert "sourceMappingURL" not in source
            for target in re.findall(r"url\(['\"]?(?!data:|#)([^'\")]+)", source):
                if file.suffix == ".css":
                    assert (file.parent / target).exists(), f"{file}: {target}"
