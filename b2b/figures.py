"""What reports can also be read by: the company that ordered, and whose sale it was."""

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from b2b.models import Company, PurchaseOrder
from oms.core.reports import Key


def _company(path: str, column: str) -> Subquery:
    found = Company.objects.filter(customer=OuterRef(f"{path}customer"))
    return Subquery(found.values(column)[:1])


def _rep(path: str) -> Coalesce:
    """The rep of the purchase order; of the company, for an order that came without one."""
    documents = PurchaseOrder.objects.filter(order=OuterRef(f"{path}pk"))
    named = documents.values(name=Coalesce("sales_rep__username", Value("")))
    return Coalesce(Subquery(named[:1]), _company(path, "sales_rep__username"))


COMPANY = Key("company", _("Company"), lambda path: _company(path, "code"))
REP = Key("rep", _("Sales rep"), _rep)
