"""What the sales desk puts on the home page, in the palette and in the sidebar."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from b2b.selectors import buyer_of, companies_of, invoices_of, purchase_orders_of, quotes_of
from b2b.selectors.desk import desk_counts, open_count
from oms.core.cards import Card
from oms.core.models import User
from oms.core.shell import Elsewhere, Found

__all__ = ["cards", "find", "open_count", "portal"]
MOST = 4


def cards(user: User, location_ids: list[int] | None) -> Iterator[Card]:
    """The sales desk's work, for reps and finance. One query."""
    if not user.has_perm("b2b.view_company"):
        return
    counts = desk_counts(user, timezone.localdate())
    if any(counts.values()):
        yield Card("b2b/_home_desk.html", {"counts": counts}, order=25)


def portal(user: User) -> Elsewhere | None:
    """Buyers have pages of their own. One query."""
    if buyer_of(user) is None:
        return None
    return Elsewhere(reverse("buying:overview"), "b2b/portal/layout.html")


def find(query: str, user: User) -> list[Found]:
    """Find companies by name, and documents by their numbers. Four queries at most."""
    if not user.has_perm("b2b.view_company"):
        return []
    text = query.strip()
    number = text.upper()
    found = [
        Found(
            each.name,
            _("Company {code}").format(code=each.code),
            reverse("b2b:company", args=[each.code]),
            "i-company",
        )
        for each in companies_of(user).filter(name__istartswith=text).order_by("name")[:MOST]
    ]
    if number.startswith("Q-"):
        found += [
            Found(
                each.number, each.company.name, reverse("b2b:quote", args=[each.number]), "i-quote"
            )
            for each in quotes_of(user).filter(number=number)
        ]
    if number.startswith("INV-"):
        found += [
            Found(
                each.number,
                each.company.name,
                reverse("b2b:invoice", args=[each.number]),
                "i-receipt",
            )
            for each in invoices_of(user).filter(number=number)
        ]
    orders = purchase_orders_of(user)
    wanted = orders.filter(number=number) | orders.filter(po_number=text)
    found += [
        Found(
            each.number,
            each.company.name,
            reverse("b2b:purchase-order", args=[each.number]),
            "i-orders",
        )
        for each in wanted.order_by("-id")[:MOST]
    ]
    return found
