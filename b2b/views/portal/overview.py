"""What a buyer sees first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from b2b.models import Buyer
from b2b.selectors.buying import overview_of
from b2b.views.portal.access import buyers_only


@buyers_only
@require_GET
def overview(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """What waits for the buyer, what is under way, and what is owed."""
    today = timezone.localdate()
    context = {"buyer": buyer, "found": overview_of(buyer, today), "today": today}
    return render(request, "b2b/portal/overview.html", context)
