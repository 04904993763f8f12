"""Documents and people by the names they are known by."""

from b2b.errors import CompanyNotFound, NoSuchUser, NotASalesRep, PriceListNotFound
from b2b.models import Company, PriceList
from b2b.selectors import sales_reps
from oms.core.models import User


def company_by(code: str) -> Company:
    """Return the company with this code.

    Raises: CompanyNotFound.
    """
    found = Company.objects.select_related("price_list", "sales_rep").filter(code=code).first()
    if found is None:
        raise CompanyNotFound(company=code)
    return found


def price_list_by(code: str) -> PriceList:
    """Return the price list with this code.

    Raises: PriceListNotFound.
    """
    found = PriceList.objects.filter(code=code).first()
    if found is None:
        raise PriceListNotFound(price_list=code)
    return found


def user_by(name: str) -> User:
    """Return the user with this name.

    Raises: NoSuchUser.
    """
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise NoSuchUser(user=name)
    return found


def sales_rep_by(name: str) -> User:
    """Return the sales rep with this user name.

    Raises: NotASalesRep.
    """
    found = sales_reps().filter(username=name).first()
    if found is None:
        raise NotASalesRep(user=name)
    return found
