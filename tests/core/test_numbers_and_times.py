"""Money, quantities and times, as their reader writes them."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from tests.core.rendering import NOW, render


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (Decimal("4927.1"), "EUR", "€4,927.10"),
        (Decimal("-12.8"), "EUR", "\N{MINUS SIGN}€12.80"),
        (Decimal("1500"), "JPY", "¥1,500"),
        (Decimal("1.5"), "BHD", "BHD\N{NO-BREAK SPACE}1.500"),
        (0, "USD", "$0.00"),
    ],
)
def test_money_has_the_decimals_of_its_currency(
    amount: Decimal, currency: str, written: str
) -> None:
    said = render("{% money amount currency %}", amount=amount, currency=currency)

    assert said == f"<bdi>{written}</bdi>"


def test_money_is_written_as_its_reader_writes_it() -> None:
    with translation.override("de"):
        assert render("{% money amount 'EUR' %}", amount=Decimal("4927.1")) == (
            "<bdi>4.927,10\N{NO-BREAK SPACE}€</bdi>"
        )
        assert render("{% money amount 'EUR' symbol=False %}", amount=Decimal(-3)) == (
            "<bdi>\N{MINUS SIGN}3,00</bdi>"
        )


def test_no_money_is_a_dash() -> None:
    assert render("{% money amount 'EUR' %}", amount=None) == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{% quantity 1234 %}", "1,234"),
        ("{% quantity 36 pack=6 %}", "36 (6 cases of 6)"),
        ("{% quantity 38 pack=6 pack_name='box|boxes' %}", "38 (6 boxes of 6, and 2)"),
        ("{% quantity 6 pack=6 %}", "6 (1 case of 6)"),
        ("{% quantity 5 pack=6 %}", "5"),
        ("{% quantity -3 sign=True %}", "\N{MINUS SIGN}3"),
        ("{% quantity 3 sign=True %}", "+3"),
    ],
)
def test_quantities_are_whole_units(tag: str, said: str) -> None:
    assert render(tag) == f"<bdi>{said}</bdi>"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (999, "999"), (1234, "1.2k"), (34_100, "34k"), (1_100_000, "1.1M")],
)
def test_counts_beyond_a_thousand_are_rough(count: int, said: str) -> None:
    assert render("{{ count|short_count }}", count=count) == said


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("tag", "at", "said"),
    [
        ("{% when at %}", NOW, "Wed 18 Nov, 10:02"),
        ("{% when at 'Asia/Tokyo' %}", NOW, "Wed 18 Nov, 19:02"),
        ("{% when at show='date' %}", NOW, "Wed 18 Nov"),
        ("{% when at show='time' %}", NOW, "10:02"),
        ("{% when at %}", NOW - dt.timedelta(days=400), "Tue 14 Oct 2025, 10:02"),
        ("{% when at %}", dt.date(2026, 11, 26), "Thu 26 Nov"),
        ("{% when at relative=True %}", NOW - dt.timedelta(minutes=40), "40 min ago"),
        ("{% when at relative=True %}", NOW + dt.timedelta(minutes=162), "in 2 h 42 min"),
        ("{% when at relative=True %}", NOW - dt.timedelta(days=2), "Mon 16 Nov, 10:02"),
    ],
)
def test_times_are_absolute_and_relative_only_under_a_day(tag: str, at: dt.date, said: str) -> None:
    written = render(tag, at=at)

    moment = re.match(r'<time datetime="([^"]+)"', written)
    assert moment
    parsed = dt.datetime.fromisoformat(moment[1])
    assert parsed == at if isinstance(at, dt.datetime) else moment[1] == at.isoformat()
    assert written.endswith(f">{said}</time>")


@time_machine.travel(NOW, tick=False)
def test_a_countdown_turns_red_when_it_is_past() -> None:
    soon = render("{% countdown at %}", at=NOW + dt.timedelta(minutes=72))
    late = render("{% countdown at %}", at=NOW - dt.timedelta(hours=26, minutes=8))

    assert 'class="soon">in 1 h 12 min</time>' in soon
    assert 'class="late">26 h late</time>' in late
