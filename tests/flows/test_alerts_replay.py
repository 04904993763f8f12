"""Alerts on a real shop's year name exactly the SKUs that the files name.

The files are read here once more, with nothing but a CSV reader and dictionaries: no code of ours
stands between them and the answer. `ONLINE_RETAIL=<folder> pytest tests/flows/test_alerts_replay.py
-m full` does it with the whole data set.
"""

import csv
import gzip
import json
import os
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from oms.alerts.models import Alert
from oms.core import books

HEAD = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"]
HEAD += ["CustomerID", "Country"]
CHARGES = {"POST", "DOT", "M", "D", "BANK CHARGES", "AMAZONFEE", "S", "CRUK"}


def named_by_the_files(folder, at):
    """The slow sellers and the SKUs with too many returns, straight from the invoice lines.

    Sold: lines of sale invoices with a quantity and a price. Returned: what credit notes take back
    of goods that their customer had bought before, the newest first; a credit for goods that were
    never bought here takes nothing back.
    """
    invoices = defaultdict(list)
    for path in sorted(folder.glob("*.csv*")):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                invoices[row["InvoiceNo"].strip()].append(row)
    sold, returned, last = defaultdict(int), defaultdict(int), {}
    bought = defaultdict(list)
    for number, rows in sorted(
        invoices.items(), key=lambda each: (min(row["InvoiceDate"] for row in each[1]), each[0])
    ):
        moment = datetime.fromisoformat(min(row["InvoiceDate"] for row in rows)).replace(tzinfo=UTC)
        customer = next((row["CustomerID"] for row in rows if row["CustomerID"].strip()), "")
        for row in rows:
            sku, units, price = row["StockCode"].strip(), int(row["Quantity"]), row["UnitPrice"]
            goods = sku.upper() not in CHARGES and not sku.lower().startswith("gift_")
            if float(price) <= 0 or number.startswith("A"):
                continue
            if not number.startswith("C") and units > 0:
                sold[sku] += units
                last[sku] = moment
                bought[customer, sku].append(units)
            elif number.startswith("C") and units < 0 and customer and goods:
                wanted = -units
                pieces = bought[customer, sku]
                for n in range(len(pieces) - 1, -1, -1):
                    taken = min(wanted, pieces[n])
                    pieces[n] -= taken
                    wanted -= taken
                    returned[sku] += taken
    quiet = at - timedelta(days=90)
    return {
        "slow_seller": {sku for sku in sold if sold[sku] >= 100 and last[sku] < quiet},
        "return_rate": {sku for sku in sold if sold[sku] >= 500 and 10 * returned[sku] > sold[sku]},
    }, {"sold": sold, "returned": returned, "last": last}


def alerts_of(folder, at):
    """Play the files through the system, look for alerts, and return what they are about."""
    call_command("replay_online_retail", str(folder), stdout=StringIO())
    out = StringIO()
    call_command(
        "sweep_alerts",
        "slow_seller",
        "return_rate",
        "--at",
        at.isoformat(),
        "--json",
        stdout=out,
    )
    standing = json.loads(out.getvalue().splitlines()[-1])
    return {kind: set(skus) for kind, skus in standing.items()}


def some_trade(folder, seed):
    """A year of made-up invoices with everything in it that the real ones have."""
    rng = random.Random(seed)
    start = datetime(2010, 12, 1, 8, tzinfo=UTC)
    skus = [f"{rng.randrange(10_000, 99_999)}{rng.choice(['', 'A', 'p'])}" for _ in range(14)]
    dead = set(skus[:5])
    rows = []
    for n in range(60):
        day = rng.randrange(0, 370)
        number, customer = 536_000 + n, rng.choice(["12583", "17850", "14911", ""])
        at = start + timedelta(days=day, minutes=rng.randrange(600))
        for sku in rng.sample(skus, 3):
            if sku in dead and day > 270:
                continue
            units = rng.choice([6, 24, 48, 120, 480])
            rows.append([number, sku, "THING", units, at, "1.25", customer])
            if rng.random() < 0.25:
                back = rng.choice([units, units // 3, 2 * units])
                later = at + timedelta(days=rng.randrange(0, 20))
                rows.append([f"C{number}", sku, "THING", -back, later, "1.25", customer])
            if rng.random() < 0.1:
                rows.append([number + 9_000, sku, "lost", -units, at, "0.0", ""])
    for sku, quiet in (("EDGE1", timedelta(days=90)), ("EDGE2", timedelta(days=90, seconds=1))):
        at = start + timedelta(days=374) - quiet
        rows.append([f"58{sku[-1]}000", sku, "THING", 100, at, "1.25", "12583"])
    folder.mkdir()
    with (folder / "lines.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for number, sku, name, units, at, price, customer in rows:
            table.writerow(
                [number, sku, name, units, f"{at:%Y-%m-%d %H:%M:%S}", price, customer, "France"]
            )
    return start + timedelta(days=374)


@pytest.mark.parametrize("seed", [7])
def test_alerts_name_the_skus_that_a_slice_names(db, tmp_path, seed):
    at = some_trade(tmp_path / "slice", seed)
    named, seen = named_by_the_files(tmp_path / "slice", at)
    assert named["slow_seller"] >= {"EDGE2"}
    assert "EDGE1" not in named["slow_seller"]
    assert named["return_rate"]

    assert alerts_of(tmp_path / "slice", at) == named

    for alert in Alert.objects.all():
        assert alert.evidence["sold"] == seen["sold"][alert.about]
        assert alert.evidence.get("returned", 0) in {0, seen["returned"][alert.about]}
    assert books.verify() == []


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not os.environ.get("ONLINE_RETAIL"), reason="ONLINE_RETAIL names no folder with the data set"
)
def test_alerts_name_the_skus_that_the_whole_data_set_names():
    folder = Path(os.environ["ONLINE_RETAIL"])
    at = datetime(2011, 12, 9, 12, 50, tzinfo=UTC)
    named, _ = named_by_the_files(folder, at)

    assert alerts_of(folder, at) == named


def test_a_moment_that_is_none_is_refused_in_one_sentence(db):
    with pytest.raises(CommandError, match=r"'yesterday' is no moment"):
        call_command("sweep_alerts", "--at", "yesterday")
    with pytest.raises(CommandError, match=r"no kind of alert called weather"):
        call_command("sweep_alerts", "weather", stdout=StringIO())
