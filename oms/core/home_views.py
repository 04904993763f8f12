"""The home page: figures, work and worries, contributed by the apps."""

from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from oms.core.cards import Card
from oms.core.models import User
from oms.core.shell import part, shell_of


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what the user's roles and locations make theirs, each app's cards in their order.

    Who belongs elsewhere is led there.
    """
    if elsewhere := shell_of(request).elsewhere:
        return redirect(elsewhere.home)
    user = cast(User, request.user)
    narrow = part(settings.HOME_LOCATIONS)
    chosen = shell_of(request).location
    location_ids = narrow(user, chosen.code if chosen else "") if narrow else None
    cards = sorted(_cards(user, location_ids), key=lambda card: card.order)
    columns: dict[str, Any] = {
        name: [card for card in cards if card.column == name] for name in ("kpi", "main", "aside")
    }
    return render(request, "core/home.html", {**columns, "now": timezone.now()})


def _cards(user: User, location_ids: list[int] | None) -> Iterable[Card]:
    for path in settings.HOME_CARDS:
        if ask := part(path):
            yield from ask(user, location_ids)
