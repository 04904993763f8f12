"""The shell's own pages: location switch, preferences, finding, gallery of components."""

from __future__ import annotations

import zoneinfo
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oms.core import gallery
from oms.core.htmx import is_part
from oms.core.models import User
from oms.core.shell import CHOSEN, find, for_colleagues, places_of, sections

LOCALE_MIDDLEWARE = "django.middleware.locale.LocaleMiddleware"


class PreferencesForm(forms.Form):
    """How the pages look to one person; the language only where pages are translated."""

    theme = forms.ChoiceField(
        choices=User.Theme.choices, widget=forms.RadioSelect, label=gettext_lazy("Light or dark")
    )
    time_zone = forms.ChoiceField(
        choices=lambda: _zones(),
        required=False,
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Warehouse pages keep to the zone of their location."),
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=gettext_lazy("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if LOCALE_MIDDLEWARE not in settings.MIDDLEWARE:
            del self.fields["language"]


def _zones() -> list[tuple[str, str]]:
    """The zones of the world by name, the installation's own first."""
    ours = gettext("As the installation: {zone}").format(zone=settings.TIME_ZONE)
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    places = [name for name in names if not name.startswith(("Etc/", "SystemV/", "US/"))]
    return [("", ours), *((name, name.replace("_", " ")) for name in places)]


def _back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else reverse(fallback))


@login_required
@for_colleagues
@require_POST
def switch_location(request: HttpRequest) -> HttpResponse:
    """Work in one location, or in all of one's own; a location of others changes nothing."""
    user = request.user
    code = request.POST.get("location", "")
    allowed = {place.code for place in places_of(user)} if isinstance(user, User) else set()
    if not code:
        request.session.pop(CHOSEN, None)
    elif code in allowed:
        request.session[CHOSEN] = code
    else:
        messages.error(request, gettext("You do not work in that location."))
    return _back(request, "core:find")


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep how the pages look to the user who asks."""
    user = cast(User, request.user)
    now = {"theme": user.theme, "language": user.language, "time_zone": user.time_zone}
    form = PreferencesForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=user.pk).update(**form.cleaned_data)
        messages.success(request, gettext("Your preferences are kept."))
        response = _back(request, "core:preferences")
        if language := form.cleaned_data.get("language"):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax"
            )
        return response
    status = 422 if form.errors else 200
    return render(request, "core/preferences.html", {"form": form}, status=status)


@login_required
@for_colleagues
@require_GET
def find_anything(request: HttpRequest) -> HttpResponse:
    """Find documents, people, SKUs and sections: a page, or for the palette its results alone."""
    query = request.GET.get("q", "").strip()[:120]
    user = request.user
    found = find(query, user) if isinstance(user, User) else []
    context = {"query": query, "found": found, "sections": sections(request, query)}
    return render(
        request, "components/_found.html" if is_part(request) else "core/find.html", context
    )


@login_required
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in every state, to those who build or judge pages."""
    if not cast(User, request.user).is_staff:
        raise PermissionDenied
    return render(request, "components/gallery.html", gallery.context())
