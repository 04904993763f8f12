"""Whom the portal lets in."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from b2b.buyers import buyer_in
from b2b.models import Buyer
from b2b.states import BuyerRole

View = Callable[..., HttpResponseBase]


def buyers_only(view: View) -> View:
    """Call `view(request, buyer, …)` for people who buy now; for all others nothing is there."""

    @login_required
    @functools.wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        buyer = buyer_in(request)
        if buyer is None:
            raise Http404
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
