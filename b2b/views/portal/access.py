"""Who buys, for which company: the one place where the portal finds it out."""

import functools
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from b2b.models import Buyer
from b2b.selectors import buyer_of
from b2b.states import BuyerRole
from oms.core.models import User

View = Callable[..., HttpResponseBase]


def buyers_only(view: View) -> View:
    """Call `view(request, buyer, …)` for people who buy now; for all others nothing is there."""

    @login_required
    @functools.wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        buyer = buyer_of(cast(User, request.user))
        if buyer is None:
            raise Http404
        request.oms_buyer = buyer  # type: ignore[attr-defined]
        return view(request, buyer, *args, **kwargs)

    return call


def company_admins_only(view: View) -> View:
    """The same for those who look after the people of their company."""

    @buyers_only
    @functools.wraps(view)
    def call(request: HttpRequest, buyer: Buyer, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if buyer.role != BuyerRole.ADMIN:
            raise Http404
        return view(request, buyer, *args, **kwargs)

    return call
