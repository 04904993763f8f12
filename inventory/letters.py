"""What we write to suppliers, and to who buys from them. A supplier never reads of a customer."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from inventory import letter_kinds
from inventory.models import ReplenishmentOrder
from inventory.selectors import (
    LineView,
    lines_of_replenishment,
    replenishment_orders,
    shortages,
    supplier_url,
)
from inventory.states import WITH_SUPPLIER
from oms.core import pdf
from oms.core.display import day_text
from oms.core.models import User
from oms.messaging.letters import Attachment, Letter, LetterKind, write

STYLESHEETS = ("oms/slip.css",)
PDF = "application/pdf"
MOST = 30
LETTERS = letter_kinds.LETTERS


def replenishment_order(*, number: str) -> Letter | None:
    """Ask the supplier for what is ordered: the order as PDF, and the link to commit to it."""
    order = _order(number)
    if order is None or order.status not in WITH_SUPPLIER:
        return None
    paper = Attachment(f"{number}.pdf", PDF, content=order_pdf(order))
    return _to_supplier(order, letter_kinds.ORDER, (paper,))


def replenishment_shortfall(*, number: str) -> Letter | None:
    """Tell the supplier what has not come, and how much of it is waited for."""
    order = _order(number)
    if order is None or order.status not in WITH_SUPPLIER:
        return None
    return _to_supplier(order, letter_kinds.SHORTFALL)


def replenishment_cancelled(*, number: str) -> Letter | None:
    """Tell the supplier that nothing is to be sent."""
    order = _order(number)
    if order is None:
        return None
    return _to_supplier(order, letter_kinds.CANCELLED)


def shortages_today(*, on: str) -> Letter | None:
    """Tell who buys what is out while orders wait for it; None on a day without."""
    found = shortages()
    people = User.objects.filter(
        is_active=True,
        groups__permissions__codename="plan_replenishmentorder",
        groups__permissions__content_type__app_label="inventory",
    )
    addresses = people.exclude(email="").order_by("email").values_list("email", flat=True)
    recipients = tuple(addresses.distinct())
    if not found or not recipients:
        return None
    values = {
        "units": sum(each.waiting.units for each in found),
        "skus": len(found),
        "shortages": [
            {
                "units": each.waiting.units,
                "name": each.sku.name,
                "sku": each.sku.code,
                "since": day_text(each.waiting.since.date()),
                "coming": each.units_coming,
                "next_on": day_text(each.next_on) if each.next_on else "",
                "supplied": bool(each.supplies),
            }
            for each in found[:MOST]
        ],
        "url": f"{settings.OMS_BASE_URL}{reverse('inventory:shortages')}",
    }
    return write(letter_kinds.SHORTAGES, values, recipients=recipients, thread=f"shortages {on}")


def values_of(number: str) -> dict[str, Any] | None:
    """Return what letters about a real order to a supplier say, for a preview."""
    order = _order(number)
    return _values(order) if order else None


def order_pdf(order: ReplenishmentOrder) -> bytes:
    """Return the order as the supplier gets it on paper. Draws for a second: not in a transaction.

    Raises: RenderFailed.
    """
    return pdf.render(order_page(order), stylesheets=STYLESHEETS)


def order_page(order: ReplenishmentOrder) -> str:
    """Return the HTML of that paper."""
    with translation.override(order.supplier.language):
        return render_to_string("inventory/replenishment_paper.html", _context(order))


def _order(number: str) -> ReplenishmentOrder | None:
    return replenishment_orders(None).filter(number=number).first()


def _context(order: ReplenishmentOrder) -> dict[str, Any]:
    lines: list[LineView] = lines_of_replenishment(order)
    costs = [each.cost for each in lines]
    known = [cost for cost in costs if cost is not None]
    return {
        "order": order,
        "lines": lines,
        "units": sum(each.line.quantity for each in lines),
        "total": sum(known, Decimal(0)) if order.currency and len(known) == len(costs) else None,
        "shop": getattr(settings, "SHELL_BRAND", "Order desk"),
        "url": supplier_url(order),
        "today": timezone.localdate(),
    }


def _values(order: ReplenishmentOrder) -> dict[str, Any]:
    with translation.override(order.supplier.language):
        context = _context(order)
        lines = [
            (
                each,
                {"name": each.line.sku.name, "sku": each.line.supplier_sku or each.line.sku.code},
            )
            for each in context["lines"]
        ]
        return {
            "number": order.number,
            "shop": context["shop"],
            "url": context["url"],
            "place": order.location.name,
            "wanted_on": day_text(order.expected_on) if order.expected_on else "",
            "lines": [{**named, "units": each.line.quantity} for each, named in lines],
            "missing": [
                {**named, "units": each.line.missing, "now": each.needed_now}
                for each, named in lines
                if each.line.missing
            ],
            "note": order.note,
            "reason": order.end_reason,
        }


def _to_supplier(
    order: ReplenishmentOrder, kind: LetterKind, attachments: tuple[Attachment, ...] = ()
) -> Letter | None:
    if not order.supplier.email:
        return None
    return write(
        kind,
        _values(order),
        recipients=(order.supplier.email,),
        thread=order.number,
        language=order.supplier.language,
        attachments=attachments,
    )
