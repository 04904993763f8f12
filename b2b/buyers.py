"""Who buys with a request: found once, for the page's view and for what frames it."""

from typing import cast

from django.http import HttpRequest

from b2b.models import Buyer
from b2b.selectors import buyer_of
from oms.core.models import User


class BuyersRequest(HttpRequest):
    """What a request is once it was asked who buys with it."""

    oms_buyer: Buyer | None


def buyer_in(request: HttpRequest) -> Buyer | None:
    """Return for whom this request buys; None for everybody else. One query a request."""
    asked = cast(BuyersRequest, request)
    if not hasattr(asked, "oms_buyer"):
        asked.oms_buyer = buyer_of(cast(User, request.user))
    return asked.oms_buyer
