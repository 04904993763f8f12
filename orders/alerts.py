"""What orders watches: what no longer sells, what is out while orders wait, who waits longest."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory.reports import standing_stock
from oms.alerts.kinds import (
    AlertKind,
    Chart,
    Evidence,
    Figure,
    Finding,
    Threshold,
    Thresholds,
    Told,
    Words,
)
from oms.alerts.states import Severity
from oms.core.display import day_text, money_text, number_text, span_text
from orders import reports

LONG = timedelta(hours=72)


def find_slow_sellers(at: datetime, thresholds: Thresholds) -> list[Finding]:
    """Return what sold well once, and nothing of late."""
    rows = reports.slow_sellers(
        at=at, least_sold=thresholds["least_sold"], quiet_days=thresholds["quiet_days"]
    )
    stock = standing_stock([row.sku for row in rows])
    rows = [row for row in rows if stock[row.sku].on_hand >= thresholds["least_on_hand"]]
    months = reports.sold_by_month(skus=[row.sku for row in rows], at=at)
    return [
        Finding(
            about=row.sku,
            severity=Severity.SOON if stock[row.sku].on_hand else Severity.WATCH,
            evidence={
                "name": row.name,
                "sold": row.sold,
                "last_sold_at": row.last_sold_at.isoformat() if row.last_sold_at else None,
                "on_hand": stock[row.sku].on_hand,
                "value": str(stock[row.sku].value),
                "currency": stock[row.sku].currency,
                "months": [[each.month, each.sold] for each in months[row.sku]],
            },
        )
        for row in rows
    ]


def tell_slow_seller(evidence: Evidence, thresholds: Thresholds) -> Told:
    last = _moment(evidence["last_sold_at"])
    day = day_text(last.date()) if last else ""
    value = Decimal(evidence["value"])
    parts = [
        gettext("{n} sold ever, the last on {day}").format(
            n=number_text(evidence["sold"]), day=day
        ),
        gettext("{n} on hand").format(n=number_text(evidence["on_hand"])),
    ]
    tied_up = []
    if value and evidence["currency"]:
        money = evidence["currency"]
        parts.append(gettext("{sum} tied up").format(sum=money_text(value, money)))
        tied_up = [
            Figure(_("Tied up"), value, _("at the base price"), form="money", currency=money)
        ]
    return Told(
        title=gettext("{name} no longer sells").format(name=evidence["name"]),
        summary=", ".join(parts),
        figures=[
            Figure(
                _("Sold ever"),
                evidence["sold"],
                gettext("at least {n}").format(n=number_text(thresholds["least_sold"])),
            ),
            Figure(
                _("Last sold"),
                last,
                gettext("not for {n} days").format(n=thresholds["quiet_days"]),
                form="when",
            ),
            Figure(_("On hand"), evidence["on_hand"], _("at all locations")),
            *tied_up,
        ],
        how=_(
            "Units of all orders that were placed and not cancelled, and the day the last of them "
            "was placed."
        ),
        chart=_chart(_("Units ordered, by month"), [_("Units")], evidence["months"]),
    )


def find_out_of_stock(at: datetime, thresholds: Thresholds) -> list[Finding]:
    """Return what orders wait for and no location has."""
    return [
        Finding(
            about=row.sku,
            severity=Severity.NOW if at - row.since > LONG else Severity.SOON,
            evidence={
                "name": row.name,
                "units": row.units,
                "orders": row.orders,
                "since": row.since.isoformat(),
                "oldest": row.oldest,
                "free": row.free,
            },
        )
        for row in reports.out_of_stock()
        if row.units >= thresholds["least_units"]
    ]


def tell_out_of_stock(evidence: Evidence, thresholds: Thresholds) -> Told:
    since = _moment(evidence["since"])
    units = ngettext("{n} unit", "{n} units", evidence["units"]).format(
        n=number_text(evidence["units"])
    )
    waiting = ngettext("{n} order", "{n} orders", evidence["orders"]).format(
        n=number_text(evidence["orders"])
    )
    return Told(
        title=ngettext(
            "{name} is out of stock, {n} order waits",
            "{name} is out of stock, {n} orders wait",
            evidence["orders"],
        ).format(name=evidence["name"], n=number_text(evidence["orders"])),
        summary=gettext("{units} wanted, the oldest is {oldest}").format(
            units=units, oldest=evidence["oldest"]
        ),
        figures=[
            Figure(_("Units waiting"), evidence["units"], gettext("in {n}").format(n=waiting)),
            Figure(_("Waiting since"), since, form="when"),
            Figure(_("Oldest order"), evidence["oldest"], form="text"),
            Figure(_("Available"), evidence["free"], _("at all locations")),
        ],
        how=_("Backordered units of open orders whose SKU is available at no location."),
        links=[
            (_("The oldest order"), reverse("orders:detail", args=[evidence["oldest"]])),
            (_("Orders that wait for stock"), f"{reverse('orders:list')}?view=waiting"),
        ],
    )


def find_waiting_orders(at: datetime, thresholds: Thresholds) -> list[Finding]:
    """Return the oldest open orders that wait too long."""
    hours = thresholds["hours"]
    rows = reports.waiting_orders(
        placed_before=at - timedelta(hours=hours), most=thresholds["most"]
    )
    return [
        Finding(
            about=row.number,
            severity=Severity.NOW
            if at - row.placed_at > timedelta(hours=3 * hours)
            else Severity.SOON,
            evidence={
                "customer": row.customer,
                "placed_at": row.placed_at.isoformat(),
                "total": str(row.total),
                "currency": row.currency,
                "waiting": row.waiting,
                "held": row.held,
                "backordered": row.backordered,
                "picked": row.picked,
                "packed": row.packed,
                "unrouted": row.unrouted,
            },
        )
        for row in rows
    ]


def tell_waiting_order(evidence: Evidence, thresholds: Thresholds) -> Told:
    placed = _moment(evidence["placed_at"])
    why = _why(evidence)
    return Told(
        title=gettext("{customer} waits since {day}").format(
            customer=evidence["customer"], day=day_text(placed.date()) if placed else ""
        ),
        summary=why,
        figures=[
            Figure(
                _("Placed"),
                placed,
                gettext("late after {span}").format(span=span_text(3600 * thresholds["hours"])),
                form="when",
            ),
            Figure(_("Units that have not left"), evidence["waiting"]),
            Figure(_("They wait for"), why, form="text"),
            Figure(
                _("Total"),
                Decimal(evidence["total"]),
                form="money",
                currency=evidence["currency"],
            ),
        ],
        how=_("The oldest open orders of which not everything has left."),
    )


def _why(evidence: Evidence) -> str:
    """What the order waits for: the first that applies."""
    if evidence["held"]:
        return gettext("On hold: {kinds}").format(kinds=evidence["held"].lower())
    if evidence["backordered"]:
        return ngettext(
            "{n} unit waits for stock", "{n} units wait for stock", evidence["backordered"]
        ).format(n=number_text(evidence["backordered"]))
    if evidence["unrouted"]:
        return gettext("No location serves it yet")
    if evidence["packed"]:
        return gettext("Packed, not shipped")
    if evidence["picked"]:
        return gettext("Picked, not packed")
    return gettext("Allocated, not picked")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _chart(label: Words, names: list[Words], rows: list[list[str | int]]) -> Chart | None:
    """Bars by month, their words `11.26`; none where there is nothing to see."""
    if not any(number for _month, *numbers in rows for number in numbers):
        return None
    return Chart(label, names, [(f"{str(m)[5:]}.{str(m)[2:4]}", *numbers) for m, *numbers in rows])


SLOW_SELLER = AlertKind(
    label=_("Slow sellers"),
    meaning=_("What sold well once, and has not been sold for a long time."),
    find=find_slow_sellers,
    tell=tell_slow_seller,
    every=timedelta(hours=6),
    permission="alerts.view_sales_alerts",
    thresholds={
        "least_sold": Threshold(_("Units sold ever, at least"), default=100, least=1),
        "quiet_days": Threshold(_("Days without a sale"), default=90, least=7, most=3_650),
        "least_on_hand": Threshold(
            _("Units on hand, at least"),
            default=0,
            help=_("With 1, what is sold out is left alone."),
        ),
    },
)
STOCK_OUT = AlertKind(
    label=_("Out of stock"),
    meaning=_("What orders wait for, while no location has any."),
    find=find_out_of_stock,
    tell=tell_out_of_stock,
    every=timedelta(minutes=5),
    permission="alerts.view_order_alerts",
    thresholds={"least_units": Threshold(_("Units waiting, at least"), default=1, least=1)},
)
WAITING_ORDER = AlertKind(
    label=_("Waiting orders"),
    meaning=_("The oldest open orders that have not left."),
    find=find_waiting_orders,
    tell=tell_waiting_order,
    every=timedelta(minutes=15),
    permission="alerts.view_order_alerts",
    thresholds={
        "hours": Threshold(_("Hours since the order was placed"), default=72, least=1, most=8_760),
        "most": Threshold(_("Orders told at once, at most"), default=100, least=1, most=1_000),
    },
)
