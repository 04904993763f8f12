"""What this app shows on the home page: the most urgent alerts, and how many wait."""

from django.db.models import F

from oms.alerts import selectors
from oms.alerts.kinds import all_kinds, kinds_seen_by
from oms.alerts.models import Alert
from oms.alerts.states import AlertStatus
from oms.core.cards import Card
from oms.core.models import User

SHOWN = 4


def cards(user: User, location_ids: list[int] | None) -> list[Card]:
    """Return the alerts of those who may see some. Two queries."""
    kinds = kinds_seen_by(user)
    if not kinds or not user.has_perm("alerts.view_alert"):
        return []
    codes = selectors.codes_seen_by(user, location_ids)
    visible = selectors.narrowed(
        Alert.objects.filter(kind__in=kinds), codes, selectors.sees_everywhere(user)
    )
    counts = selectors.counts_of(visible, user)
    urgent = visible.filter(status=AlertStatus.OPEN).select_related("owner")
    top = list(urgent.order_by(F("severity").desc(), F("opened_at").desc(), F("id").desc())[:SHOWN])
    known = all_kinds()
    context = {
        "rows": selectors.rows_of(top) if top else [],
        "open": sum(each.open for each in counts.values()),
        "mine": sum(each.mine for each in counts.values()),
        "kinds": [
            (name, known[name].label, counts[name].open)
            for name in kinds
            if name in counts and counts[name].open
        ],
    }
    return [Card("alerts/_home.html", context, order=15, column="aside")]
