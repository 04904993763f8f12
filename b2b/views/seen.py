"""What somebody may see: their accounts, else nothing is there."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from b2b.models import Company
from b2b.selectors import companies_of
from oms.core.models import User

M = TypeVar("M", bound=Model)


def one(rows: QuerySet[M], number: str) -> M:
    """Return the document with this number among those somebody may see, or 404."""
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def company_or_404(user: User, code: str) -> Company:
    found = companies_of(user).select_related("credit").filter(code=code).first()
    if found is None:
        raise Http404
    return found
