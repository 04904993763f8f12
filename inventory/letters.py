"""What we write to suppliers, and to who buys from them. A supplier never reads of a customer."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

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
from oms.core.models import User
from oms.messaging.letters import Attachment, Letter

STYLESHEETS = ("oms/slip.css",)
PDF = "application/pdf"


def replenishment_order(*, number: str) -> Letter | None:
    """Ask the supplier for what is ordered: the order as PDF, and the link to commit to it."""
    order = _order(number)
    if order is None or order.status not in WITH_SUPPLIER:
        return None
    paper = Attachment(f"{number}.pdf", PDF, content=order_pdf(order))
    return _to_supplier(order, "order", lambda: _("Our order {number}"), (paper,))


def replenishment_shortfall(*, number: str) -> Letter | None:
    """Tell the supplier what has not come, and how much of it is waited for."""
    order = _order(number)
    if order is None or order.status not in WITH_SUPPLIER:
        return None
    return _to_supplier(order, "shortfall", lambda: _("When does the rest of {number} come?"))


def replenishment_cancelled(*, number: str) -> Letter | None:
    """Tell the supplier that nothing is to be sent."""
    order = _order(number)
    if order is None:
        return None
    return _to_supplier(order, "cancelled", lambda: _("Our order {number} is cancelled"))


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
    context = {
        "shortages": found,
        "units": sum(each.waiting.units for each in found),
        "url": f"{settings.OMS_BASE_URL}{reverse('inventory:shortages')}",
    }
    return Letter(
        recipients=recipients,
        subject=_("Orders wait for what is out: {n} SKUs").format(n=len(found)),
        text=_text("shortages", context),
        html=render_to_string("inventory/letters/shortages.html", context).strip(),
        thread=f"shortages {on}",
    )


def order_pdf(order: ReplenishmentOrder) -> bytes:
    """Return the order as the supplier gets it on paper. Draws for a second: not in a transaction.

    Raises: RenderFailed.
    """
    with translation.override(order.supplier.language):
        html = render_to_string("inventory/replenishment_paper.html", _context(order))
    return pdf.render(html, stylesheets=STYLESHEETS)


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


def _to_supplier(
    order: ReplenishmentOrder, name: str, subject: Any, attachments: tuple[Attachment, ...] = ()
) -> Letter | None:
    if not order.supplier.email:
        return None
    with translation.override(order.supplier.language):
        context = _context(order)
        return Letter(
            recipients=(order.supplier.email,),
            subject=subject().format(number=order.number),
            text=_text(f"replenishment_{name}", context),
            html=render_to_string(f"inventory/letters/replenishment_{name}.html", context).strip(),
            thread=order.number,
            language=order.supplier.language,
            attachments=attachments,
        )


def _text(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"inventory/letters/{name}.txt", context).strip() + "\n"
