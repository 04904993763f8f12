"""What this app shows on the home page: returns that wait for a person, and which."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from oms.core.cards import Card
from oms.core.models import User
from returns.models import ReturnAuthorization
from returns.selectors import VIEWS
from returns.states import OPEN

STEPS = {
    "requested": ("approve_returnauthorization", "to decide"),
    "inspect": ("inspect_returnauthorization", "to inspect"),
    "settle": ("settle_returnauthorization", "to settle"),
}


@dataclass(frozen=True)
class Waiting:
    """Returns that wait for one step, and since when the oldest of them."""

    view: str
    word: str
    count: int
    since: datetime


def cards(user: User, location_ids: list[int] | None) -> list[Card]:
    """Return the returns that wait for a step this user may take. One query."""
    if not user.has_perm("returns.view_returnauthorization"):
        return []
    returns = ReturnAuthorization.objects.filter(status__in=OPEN)
    if location_ids is not None:
        returns = returns.filter(location__in=location_ids)
    rows = returns.values("status").annotate(count=Count("id"), since=Min("requested_at"))
    by_status = {row["status"]: (row["count"], row["since"]) for row in rows.order_by()}
    waiting = []
    for view, (permission, word) in STEPS.items():
        found = [by_status[each] for each in VIEWS[view].statuses if each in by_status]
        if found and user.has_perm(f"returns.{permission}"):
            count = sum(each[0] for each in found)
            waiting.append(Waiting(view, word, count, min(each[1] for each in found)))
    if not waiting:
        return []
    return [Card("returns/_home_waiting.html", {"waiting": waiting}, order=20, column="aside")]
