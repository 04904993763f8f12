"""Reads: the rule book that counts, its versions, and their back-tests."""

import time
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from fulfillment.errors_routing import BackTestNotFound, RoutingVersionNotFound
from fulfillment.models import BackTest, BackTestOrder, RoutingVersion
from fulfillment.rules.reading import parse
from fulfillment.rules.routing import BUILT_IN, RuleBook
from fulfillment.rules.writing import document_of
from fulfillment.states import BackTestStatus, RoutingVersionStatus
from inventory.models import Location
from inventory.states import LocationKind
from oms.channels.models import Channel

_KEPT_FOR = 5.0
_kept: tuple[float, int, RuleBook] | None = None


def live_rules() -> RuleBook:
    """Return the rule book that counts, kept in the process and at most five seconds old.

    One query when it is older; it is read anew only when another version is live by then.
    """
    global _kept
    if _kept is not None and time.monotonic() - _kept[0] < _KEPT_FOR:
        return _kept[2]
    number = live_number()
    book = _kept[2] if _kept is not None and _kept[1] == number else rules_of(number)
    _kept = (time.monotonic(), number, book)
    return book


def forget_live_rules() -> None:
    """Read the rules anew at the next call, after others were published in this process."""
    global _kept
    _kept = None


def live_number() -> int:
    """Return the number of the version that is live; 0 where none is."""
    live = RoutingVersion.objects.filter(status=RoutingVersionStatus.LIVE)
    return live.values_list("number", flat=True).first() or 0


def rules_of(number: int) -> RuleBook:
    """Return what a version says. It was read before it was kept, so it can be read again.

    Raises: RoutingVersionNotFound.
    """
    return parse(version_of(number).rules, version=number) if number else BUILT_IN


def version_of(number: int) -> RoutingVersion:
    """Raises: RoutingVersionNotFound."""
    found = RoutingVersion.objects.filter(number=number).first()
    if found is None:
        raise RoutingVersionNotFound(version=number)
    return found


def rules_document(number: int) -> dict[str, Any]:
    """Return the rules of a version, 0 for the built-in ones, as a document.

    Raises: RoutingVersionNotFound.
    """
    return document_of(rules_of(number))


def books_of(numbers: Iterable[int]) -> dict[int, RuleBook]:
    """Return the rule books of these versions, 0 for the built-in one. One query."""
    rows = RoutingVersion.objects.filter(number__in=set(numbers)).values_list("number", "rules")
    return {0: BUILT_IN, **{number: parse(rules, version=number) for number, rules in rows}}


def routing_names() -> dict[str, dict[str, str]]:
    """Return what people call the locations that serve orders, and channels, by code. Two
    queries."""
    places = Location.objects.filter(is_active=True).exclude(kind=LocationKind.SUPPLIER)
    return {
        "locations": dict(places.order_by("name").values_list("code", "name")),
        "channels": dict(Channel.objects.order_by("name").values_list("slug", "name")),
    }


def routing_versions() -> QuerySet[RoutingVersion]:
    """Return all versions, in no order yet."""
    return RoutingVersion.objects.all()


def back_test_for(version: RoutingVersion, against: int) -> BackTest | None:
    """Return the newest finished back-test of exactly these rules against those of `against`."""
    done = BackTest.objects.filter(version=version, revision=version.revision, against=against)
    return done.filter(status=BackTestStatus.DONE).order_by("-pk").first()


def back_tests_of(version: RoutingVersion) -> QuerySet[BackTest]:
    """Return the back-tests of a version, the newest first."""
    return BackTest.objects.filter(version=version).order_by("-pk")


def back_test_of(number: str) -> BackTest:
    """Raises: BackTestNotFound."""
    found = BackTest.objects.select_related("version").filter(number=number).first()
    if found is None:
        raise BackTestNotFound(number=number)
    return found


def back_test_orders(test: BackTest) -> QuerySet[BackTestOrder]:
    """Return the orders that a back-test decided otherwise, in no order yet."""
    return BackTestOrder.objects.filter(back_test=test).select_related("order")
