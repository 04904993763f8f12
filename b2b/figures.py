"""What reports can also be read by: the company that ordered, and whose account it is."""

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from b2b.models import Company
from oms.core.reports import Key


def _company(path: str, column: str) -> Subquery:
    found = Company.objects.filter(customer=OuterRef(f"{path}customer"))
    return Subquery(found.values(column)[:1])


COMPANY = Key("company", _("Company"), lambda path: _company(path, "code"))
REP = Key("rep", _("Sales rep"), lambda path: _company(path, "sales_rep__username"))
