"""Rates as a file: taken in whole, or refused with a line for each bad row."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone

from fulfillment.imports import Rates
from fulfillment.models import CarrierService, Rate, Zone
from fulfillment.selectors import forget_rates, rate_book
from oms.core import imports
from tests.fulfillment.steps import KIM
from tests.importing import Files

NAMELESS = "there is no service nobody; name its carrier"
NO_POSTAL = "'1!' is not the beginning of a postal code"
HEADER = "service,carrier,method,origin,country,postal_from,postal_to,up_to_weight_g,amount,currency,per_kg,transit_days,valid_from,valid_until\n"  # noqa: E501
GOOD = HEADER + (
    "parcel,PostNL,standard,,NL,,,1000,4.95,EUR,,1,,\n"
    "parcel,PostNL,standard,,NL,,,10000,7.25,EUR,0.50,1,,\n"
    "parcel,PostNL,standard,rotterdam,NL,1000,1999,1000,4.50,EUR,,1,,\n"
    "parcel,PostNL,standard,NL,*,,,1000,14.00,EUR,,5,2026-01-01,2026-12-31\n"
)


def bring_in(text, *, dry_run=False):
    context = imports.Context(channel="", by=KIM, at=timezone.now())
    file = BytesIO(text.encode())
    return imports.run(Rates(), file, context, dry_run=dry_run, skip_bad_rows=False)


@pytest.fixture(autouse=True)
def _places(world):
    world.location("rotterdam")


def test_a_file_makes_services_zones_and_rates():
    report = bring_in(GOOD)

    assert (report.rows, report.bad, report.written) == (4, [], True)
    assert report.counts == {"services added": 1, "added": 4}
    service = CarrierService.objects.select_related("carrier").get()
    assert (service.code, service.carrier.name, service.methods) == (
        "parcel",
        "PostNL",
        ["standard"],
    )
    assert Zone.objects.count() == 3
    local = Rate.objects.get(amount=Decimal("4.50"))
    assert (local.zone.origin.code, local.zone.postal_from, local.zone.postal_to) == (
        "rotterdam",
        "1000",
        "1999",
    )
    world_wide = Rate.objects.get(amount=Decimal("14.00"))
    assert (world_wide.zone.country, world_wide.zone.origin_country) == ("", "NL")
    assert (world_wide.valid_from, world_wide.valid_until) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
    )


def test_the_same_file_again_changes_nothing():
    bring_in(GOOD)

    report = bring_in(GOOD.replace("7.25", "7.50"))

    assert report.counts == {"unchanged": 3, "changed": 1}
    assert Rate.objects.get(up_to_weight_g=10_000).amount == Decimal("7.50")


def test_a_dry_run_says_what_would_be_and_writes_nothing():
    report = bring_in(GOOD, dry_run=True)

    assert report.counts == {"services added": 1, "added": 4}
    assert not report.written
    assert not CarrierService.objects.exists()
    forget_rates()
    assert rate_book().is_built_in


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (
            "nobody,,,,NL,,,1000,1,EUR,,,,",
            "service",
            NAMELESS,
        ),
        ("p,X,,mars,NL,,,1000,1,EUR,,,,", "origin", "mars is neither a location nor a country"),
        ("p,X,,,Utopia,,,1000,1,EUR,,,,", "country", "'UTOPIA' is not a country code such as NL"),
        ("p,X,,,NL,,19,1000,1,EUR,,,,", "postal_from", "a range of postal codes begins somewhere"),
        ("p,X,,,*,10,19,1000,1,EUR,,,,", "country", "postal codes are those of one country"),
        ("p,X,,,NL,20,19,1000,1,EUR,,,,", "postal_to", "19 comes before 20"),
        (
            "p,X,,,NL,1!,,1000,1,EUR,,,,",
            "postal_from",
            NO_POSTAL,
        ),
        ("p,X,,,NL,,,0,1,EUR,,,,", "up_to_weight_g", "0 is not between 1 and 99999999"),
        ("p,X,,,NL,,,1000,-1,EUR,,,,", "amount", "-1 is not between 0 and 1000000000000"),
        ("p,X,,,NL,,,1000,1,XXQ,,,,", "currency", "'XXQ' is not a currency such as EUR"),
        (
            "p,X,,,NL,,,1000,1,EUR,,,2026-02-01,2026-01-31",
            "valid_until",
            "it ends before it begins",
        ),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(row, column, reason):
    report = bring_in(f"{HEADER}ok,X,,,NL,,,1000,1,EUR,,,,\n{row}\n")

    assert [(each.line, each.column, each.reason) for each in report.bad] == [(3, column, reason)]
    assert not report.written
    assert not CarrierService.objects.exists()


def test_rows_that_say_the_same_twice_or_two_currencies_are_bad():
    rows = (
        "p,X,,,NL,,,1000,1,EUR,,,,\n"
        "p,X,,,NL,,,1000,2,EUR,,,,\n"
        "p,X,,,NL,,,2000,3,USD,,,,\n"
    )  # fmt: skip

    report = bring_in(HEADER + rows)

    assert [(each.line, each.column, each.reason) for each in report.bad] == [
        (3, "up_to_weight_g", "stands on line 2 already"),
        (4, "currency", "other rates of this zone are in EUR"),
    ]


def test_the_command_takes_the_same_file(tmp_path):
    said = Files(tmp_path).bring_in("rates", GOOD)

    assert said == "rates: 4 rows read, 0 bad.\n4 added, 1 services added.\n"
