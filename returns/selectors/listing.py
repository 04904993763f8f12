"""Returns by the dozen: views, their counts, what a row shows, finding one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from inventory.selectors import visible_location_ids
from oms.core.models import User
from oms.core.shell import Found
from returns.models import ReturnAuthorization, ReturnLine
from returns.states import OPEN, ReturnStatus

S = ReturnStatus


def return_list() -> QuerySet[ReturnAuthorization]:
    """Return all returns with their order and location, in no order yet."""
    return ReturnAuthorization.objects.select_related("order", "location")


def visible_returns(
    user: User, codes: Sequence[str] | None = None
) -> QuerySet[ReturnAuthorization]:
    """Return the returns that come back where `user` works; narrowed to `codes` if given."""
    returns = return_list()
    places = visible_location_ids(user)
    if places is not None:
        returns = returns.filter(location__in=places)
    if codes is not None:
        returns = returns.filter(location__code__in=codes)
    return returns


@dataclass(frozen=True)
class View:
    """One tab of the list: which statuses it shows."""

    name: str
    label: str
    statuses: tuple[str, ...]
    counted: bool = True


VIEWS = {
    view.name: view
    for view in (
        View("open", "Open", tuple(OPEN)),
        View("requested", "To decide", (S.REQUESTED,)),
        View("coming", "On the way", (S.APPROVED, S.IN_TRANSIT)),
        View("inspect", "To inspect", (S.PARTLY_RECEIVED, S.RECEIVED)),
        View("settle", "To settle", (S.INSPECTED,)),
        View("done", "Settled", (S.SETTLED, S.CLOSED), counted=False),
        View("off", "Declined, cancelled", (S.DECLINED, S.CANCELLED), counted=False),
        View("all", "All", tuple(S.values), counted=False),
    )
}


def view_counts(returns: QuerySet[ReturnAuthorization]) -> dict[str, int]:
    """Return how many returns the counted views show. One query."""
    by_status: dict[str, int] = dict(
        returns.filter(status__in=OPEN)
        .order_by()
        .values("status")
        .annotate(units=Count("id"))
        .values_list("status", "units")
    )
    return {
        view.name: sum(by_status.get(status, 0) for status in view.statuses)
        for view in VIEWS.values()
        if view.counted
    }


def open_count(user: User, locations: Sequence[str]) -> int:
    """Return how many returns of these locations are under way. One query."""
    returns = visible_returns(user, locations or None)
    return returns.filter(status__in=OPEN).count()


def matching(returns: QuerySet[ReturnAuthorization], search: str) -> QuerySet[ReturnAuthorization]:
    """Narrow to a return's number, or to an order's: ours or the channel's."""
    said = search.strip()
    number = said.upper()
    return returns.filter(Q(number=number) | Q(order__number=number) | Q(order__external_id=said))


@dataclass(frozen=True)
class ReturnRow:
    """What a list shows of one return: itself and its units all together."""

    document: ReturnAuthorization
    units: int
    received: int
    inspected: int
    reasons: tuple[str, ...]


def rows_of(returns: Iterable[ReturnAuthorization]) -> list[ReturnRow]:
    """Return the rows of a page of returns. Two queries however many."""
    page = list(returns)
    lines = ReturnLine.objects.filter(authorization__in=page)
    sums = {
        row["authorization"]: row
        for row in lines.values("authorization").annotate(
            units=Sum("quantity"), here=Sum("received"), graded=Sum("inspected")
        )
    }
    reasons: dict[int, list[str]] = {}
    for line in lines.order_by("id"):
        named = reasons.setdefault(line.authorization_id, [])
        if line.get_reason_display() not in named:
            named.append(line.get_reason_display())
    return [
        ReturnRow(
            document,
            units=sums[document.pk]["units"],
            received=sums[document.pk]["here"],
            inspected=sums[document.pk]["graded"],
            reasons=tuple(reasons.get(document.pk, ())),
        )
        for document in page
    ]


def find(query: str, user: User) -> list[Found]:
    """Return the newest returns that `query` names, for those who may see returns. One query."""
    if not user.has_perm("returns.view_returnauthorization"):
        return []
    found = matching(visible_returns(user), query).order_by("-id")[:8]
    return [
        Found(
            label=each.number,
            detail=f"{each.order.customer_name}, {each.get_status_display().lower()}",
            url=reverse("returns:detail", args=[each.number]),
            icon="i-return",
        )
        for each in found
    ]
