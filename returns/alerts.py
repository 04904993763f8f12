"""What returns watches: SKUs that come back more often than they should."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oms.alerts.kinds import (
    AlertKind,
    Chart,
    Evidence,
    Figure,
    Finding,
    Threshold,
    Thresholds,
    Told,
)
from oms.alerts.states import Severity
from oms.core.display import number_text
from orders.reports import sold_by_month
from returns.reports import reasons_by_sku, return_rates
from returns.states import Reason

TENTH_OF_PERCENT = Decimal("0.001")
TOP_REASONS = 3


def find_return_rates(at: datetime, thresholds: Thresholds) -> list[Finding]:
    """Return the SKUs whose return rate is above the threshold."""
    above = Decimal(thresholds["percent"]) / 100
    rates = return_rates(until=at, least_sold=thresholds["least_sold"], above=above)
    skus = [row.sku for row in rates.rows]
    reasons, months = reasons_by_sku(skus), sold_by_month(skus=skus, at=at)
    return [
        Finding(
            about=row.sku,
            severity=Severity.NOW if row.return_rate > 2 * above else Severity.SOON,
            evidence={
                "name": row.name,
                "sold": row.sold,
                "returned": row.returned,
                "rate": _rate(row.return_rate),
                "overall": _rate(rates.overall),
                "reasons": reasons.get(row.sku, [])[:TOP_REASONS],
                "months": [[each.month, each.sold, each.returned] for each in months[row.sku]],
            },
        )
        for row in rates.rows
    ]


def _rate(share: Decimal) -> str:
    return str(share.quantize(TENTH_OF_PERCENT, ROUND_HALF_UP))


def tell_return_rate(evidence: Evidence, thresholds: Thresholds) -> Told:
    rate, overall = percent(evidence["rate"]), percent(evidence["overall"])
    why = [f"{_word(reason)} ({number_text(units)})" for reason, units in evidence["reasons"]]
    summary = gettext("{returned} of {sold} came back, against {overall} over all").format(
        returned=number_text(evidence["returned"]),
        sold=number_text(evidence["sold"]),
        overall=overall,
    )
    if why:
        summary = f"{summary}. {why[0]}"
    return Told(
        title=gettext("{rate} of {name} come back").format(rate=rate, name=evidence["name"]),
        summary=summary,
        figures=[
            Figure(
                _("Return rate"),
                Decimal(evidence["rate"]),
                gettext("{overall} over all, told above {percent} %").format(
                    overall=overall, percent=thresholds["percent"]
                ),
                form="percent",
            ),
            Figure(_("Came back"), evidence["returned"], _("units that were received")),
            Figure(
                _("Sold"),
                evidence["sold"],
                gettext("{n} at least").format(n=number_text(thresholds["least_sold"])),
            ),
            Figure(_("Most frequent reasons"), ", ".join(why), form="text"),
        ],
        how=_("Units received back, of the units of all orders placed and not cancelled."),
        chart=_chart(evidence["months"]),
        links=[(_("Returns that are under way"), reverse("returns:list"))],
    )


def percent(share: str) -> str:
    """Return a share of one as percent: 0.117 is 11.7 %."""
    return f"{number_text(Decimal(share) * 100)} %"


def _word(reason: str) -> str:
    return str(Reason(reason).label) if reason in Reason.values else reason


def _chart(months: list[list[str | int]]) -> Chart:
    return Chart(
        _("Ordered in a month, and how many of those came back"),
        [_("Ordered"), _("Came back")],
        [(f"{str(month)[5:]}.{str(month)[2:4]}", *numbers) for month, *numbers in months],
    )


RETURN_RATE = AlertKind(
    label=_("Return rate"),
    meaning=_("What comes back more often than it should."),
    find=find_return_rates,
    tell=tell_return_rate,
    every=timedelta(hours=6),
    permission="alerts.view_return_alerts",
    thresholds={
        "least_sold": Threshold(_("Units sold ever, at least"), default=500, least=1),
        "percent": Threshold(_("Return rate above, in percent"), default=10, least=1, most=100),
    },
)
