"""Every address says who may come: nobody is let in by forgetting."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from oms.channels.states import Scope

PUBLIC = {
    "login",
    "logout",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
    "schema",
    "docs",
    "core:live",
    "core:ready",
    "core:metrics",
}
PUBLIC_NAMESPACES = {"status", "portal"}


def patterns(resolver=None, prefix="", namespace=""):
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from patterns(each, prefix + str(each.pattern), inner)
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern), f"{namespace}{each.name}", each.callback


ALL = list(patterns())
API = [
    pytest.param(name, view, id=f"{name} {route}")
    for route, name, view in ALL
    if route.startswith("api/v1/") and name not in PUBLIC
]
PAGES = [
    pytest.param(route, name, id=f"{name} {route}")
    for route, name, _ in ALL
    if not route.startswith(("api/", "admin/", "accounts/"))
]


@pytest.mark.parametrize(("name", "view"), API)
def test_every_api_view_names_its_scope(name, view):
    kind = view.cls
    scopes = {getattr(kind, "scope", None), *getattr(kind, "scopes", {}).values()} - {None}
    assert scopes
    assert scopes <= set(Scope.values)


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "name"), PAGES)
def test_a_stranger_is_sent_away_from_every_staff_page(client, route, name):
    if is_public(name, route):
        return
    address = "/" + concrete(route)
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code in {302, 403, 404, 405}, (address, answer.status_code)
        if answer.status_code == 302:
            assert answer["location"].startswith("/accounts/login/")


def is_public(name, route):
    return (
        name in PUBLIC
        or name.split(":")[0] in PUBLIC_NAMESPACES
        or route.startswith(("s/", "returns/start", "health/", "metrics"))
    )


def concrete(route):
    """The route with something in every place of it."""
    return re.sub(r"<(?:(\w+):)?\w+>", lambda place: "1" if place[1] == "int" else "SO-1", route)
