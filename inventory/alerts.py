"""What inventory watches: stock that runs low."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.reports import StockCover, shipped_by_week, stock_cover
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
from oms.core import parts
from oms.core.display import day_text, number_text


def find_low_stock(at: datetime, thresholds: Thresholds) -> list[Finding]:
    """Return what is low now: see `inventory.reports.stock_cover`."""
    rows = stock_cover(
        at=at,
        only_low=True,
        least_sold=thresholds["least_sold"],
        window_days=thresholds["window_days"],
    )
    weeks = shipped_by_week(skus=[row.sku for row in rows], at=at)
    return [
        Finding(
            about=row.sku,
            location=row.location,
            severity=_severity(row),
            evidence={
                "name": row.name,
                "place": row.place,
                "on_hand": row.on_hand,
                "available": row.available,
                "coming": row.coming,
                "reorder_point": row.reorder_point,
                "sold": row.sold,
                "window_days": row.window_days,
                "cover_days": None if row.cover_days is None else str(row.cover_days),
                "lead_time_days": row.lead_time_days,
                "supplier": row.supplier,
                "runs_out_on": _runs_out(row, at),
                "weeks": [
                    [day.isoformat(), units]
                    for day, units in weeks.get((row.sku, row.location), [])
                ],
            },
        )
        for row in rows
    ]


def _severity(row: StockCover) -> Severity:
    if row.available <= 0 and not row.coming:
        return Severity.NOW
    return Severity.WATCH if row.coming and row.available > row.reorder_point else Severity.SOON


def _runs_out(row: StockCover, at: datetime) -> str | None:
    if row.cover_days is None:
        return None
    return (at + timedelta(days=min(float(row.cover_days), 3_650))).date().isoformat()


def tell_low_stock(evidence: Evidence, thresholds: Thresholds) -> Told:
    """Say what is low, and by which of the two rules."""
    name, place = evidence["name"], evidence["place"]
    cover, lead = evidence["cover_days"], evidence["lead_time_days"]
    if evidence["available"] <= 0:
        title = gettext("{name} is used up in {place}")
    elif evidence["runs_out_on"]:
        title = gettext("{name} runs out {day} in {place}")
    else:
        title = gettext("{name} is low in {place}")
    day = day_text(date.fromisoformat(evidence["runs_out_on"])) if evidence["runs_out_on"] else ""
    free = gettext("{n} available").format(n=number_text(evidence["available"]))
    parts = [free]
    if evidence["coming"]:
        parts.append(gettext("{n} coming").format(n=number_text(evidence["coming"])))
    if evidence["reorder_point"]:
        parts.append(gettext("reorder at {n}").format(n=number_text(evidence["reorder_point"])))
    if cover is not None and lead is not None:
        parts.append(
            gettext("{days} days of cover, supplier takes {lead}").format(
                days=number_text(Decimal(cover)), lead=lead
            )
        )
    elif cover is not None:
        parts.append(gettext("{days} days of cover").format(days=number_text(Decimal(cover))))
    return Told(
        title=title.format(name=name, place=place, day=day),
        summary=", ".join(parts),
        figures=[
            Figure(_("Available"), evidence["available"], _on_hand(evidence)),
            Figure(_("Coming"), evidence["coming"], _("ordered of suppliers, not here yet")),
            Figure(_("Reorder point"), evidence["reorder_point"], _("of this location")),
            Figure(
                _("Sold"),
                evidence["sold"],
                gettext("in {n} days").format(n=evidence["window_days"]),
            ),
            Figure(
                _("Days of cover"),
                None if cover is None else Decimal(cover),
                gettext("the supplier takes {n} days").format(n=lead) if lead else "",
            ),
        ],
        how=_(
            "Available and coming units are at the reorder point or below, or are gone at the pace "
            "of the last weeks before a delivery ordered now could be here."
        ),
        chart=Chart(
            _("Units that left here, by week"),
            [_("Units")],
            [(date.fromisoformat(day).strftime("%d.%m."), n) for day, n in evidence["weeks"]],
        )
        if evidence["weeks"]
        else None,
        links=_links(),
    )


def _on_hand(evidence: Evidence) -> str:
    return gettext("of {n} on hand").format(n=number_text(evidence["on_hand"]))


def _links() -> list[tuple[str, str]]:
    """Where something can be done about it."""
    if "supply" not in parts.present():
        return []
    return [(gettext("What to order of suppliers"), reverse("inventory:supply"))]


LOW_STOCK = AlertKind(
    label=_("Low stock"),
    meaning=_("What runs out at a location before a delivery can be here."),
    find=find_low_stock,
    tell=tell_low_stock,
    every=timedelta(minutes=15),
    permission="alerts.view_stock_alerts",
    thresholds={
        "window_days": Threshold(
            _("Days whose sales give the pace"), default=28, least=7, most=365
        ),
        "least_sold": Threshold(
            _("Units sold in them, at least"),
            default=3,
            least=1,
            help=_("With less there is no pace, and only the reorder point counts."),
        ),
    },
)
