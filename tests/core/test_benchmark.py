"""The benchmark runs and says what it promises; how fast anything is, is never asserted."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from inventory.benchmarks import PAGES
from oms.core.benchmarking.growing import recorded
from oms.core.benchmarking.report import Figure, as_line, as_table
from oms.core.models import EventRecord
from orders.models import Order, OrderLine

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
INTAKE = {
    "benchmark",
    "case",
    "ratio_to_limit",
    "per_second",
    "limit_per_second",
    "queries",
    "cpu_ms",
    "p50_ms",
    "p95_ms",
}


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does: it replaces the database that a process speaks to."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "oms.settings"}
    return subprocess.run(
        [*MANAGE, "benchmark", *words], env=environment, capture_output=True, text=True, timeout=300
    )


def databases() -> set[str]:
    here = connection.settings_dict
    where = {"host": here["HOST"], "port": here["PORT"], "user": here["USER"]}
    with psycopg.connect(dbname="postgres", password=here["PASSWORD"], **where) as server:
        return {name for (name,) in server.execute("SELECT datname FROM pg_database")}


@pytest.mark.full
def test_a_short_run_prints_one_object_a_line_and_leaves_no_database():
    done = run("intake", "--case", "spread", "--case", "hot", "--json", "--rounds=1", "--seconds=1")

    assert done.returncode == 0, done.stderr
    spread, hot = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(spread) == INTAKE
    assert set(hot) == INTAKE | {"ratio"}
    assert (spread["benchmark"], spread["case"], hot["case"]) == ("intake", "spread", "hot")
    assert spread["queries"] <= 12
    assert "every unit is reserved once" in done.stderr
    assert not {name for name in databases() if "_bench_" in name}


SMALLER = """
import django; django.setup()
from django.core.management import call_command
from inventory import benchmarks
benchmarks.LARGE = 400
call_command("benchmark", "stock", as_json=True, seconds=0.1, rounds=1)
"""


@pytest.mark.full
def test_stock_of_two_companies_is_asked_for_on_every_page():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "oms.settings"}
    done = subprocess.run(
        [sys.executable, "-c", SMALLER],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["case"] for each in figures] == list(PAGES)
    assert all(each["queries"] and each["ratio"] for each in figures)
    assert "20,000 stock levels at 50 locations" in done.stderr
    assert not {name for name in databases() if "_bench_" in name}


@pytest.mark.full
def test_orders_that_one_location_serves_and_others_are_decided():
    done = run("sourcing", "--case", "5_locations", "--json", "--rounds=1", "--seconds=0.1")

    assert done.returncode == 0, done.stderr
    [figure] = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(figure) == {"benchmark", "case", "queries", "p50_ms", "p95_ms"}
    assert figure["queries"] <= 2
    assert not {name for name in databases() if "_bench_" in name}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["tea"], "There is no benchmark 'tea'"),
        (["intake", "--case", "tea"], "There is no case 'tea'"),
    ],
)
def test_an_unknown_name_is_refused_with_those_there_are(words, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("benchmark", *words)

    assert "There are: " in str(refused.value)


def test_a_figure_leaves_out_what_does_not_apply():
    figure = Figure("slips", "batch", cpu_ms=44.1234)

    assert as_line(figure) == '{"benchmark": "slips", "case": "batch", "cpu_ms": 44.12}'


def test_a_table_has_only_the_columns_that_are_filled():
    table = as_table([Figure("lists", "growth", ratio=1.04567), Figure("slips", "batch")])

    assert table.splitlines() == [
        "benchmark  case    ratio",
        "lists      growth  1.046",
        "slips      batch",
    ]


@pytest.mark.django_db
def test_a_past_is_repeated_as_other_documents_that_hang_together(world):
    world.stock("tea", rotterdam=10)
    with recorded() as past:
        world.place("1001", tea=2)

    past.repeat(3, renamed={"thread", "subject", "reference"}, without={"core.Job"})

    order = Order.objects.get(external_id="1001")
    copies = Order.objects.exclude(pk=order.pk).order_by("pk")
    assert [each.number for each in copies] == [f"{order.number}-{n}" for n in (1, 2, 3)]
    assert [each.external_id for each in copies] == ["1001-1", "1001-2", "1001-3"]
    for copy in copies:
        assert OrderLine.objects.get(order=copy).quantity == 2
        assert EventRecord.objects.filter(thread=copy.number, name="order.placed").count() == 1
