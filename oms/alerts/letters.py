"""What we write about alerts: one letter a round to each who is responsible."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oms.alerts import selectors
from oms.alerts.kinds import all_kinds
from oms.alerts.states import AlertStatus
from oms.core.models import User
from oms.messaging.letters import Letter, LetterKind, Variable, write
from oms.messaging.states import Audience

MOST = 20

NEW_ALERTS = LetterKind(
    key="alerts.new",
    path="oms.alerts.letters.new_alerts",
    name=_("New alerts"),
    when=("alert.opened",),
    audience=Audience.TEAM,
    template="alerts/letters/new_alerts",
    variables={
        "kind": Variable(words=_("The kind of alert"), sample="Low stock"),
        "meaning": Variable(
            words=_("What is looked for"), sample="What runs out before a delivery can be here."
        ),
        "first": Variable(words=_("The first of them"), sample="Sencha, 100 g is low in Rotterdam"),
        "alerts": Variable(
            words=_("The new alerts, the most urgent first, a list"),
            sample=[
                {
                    "title": "Sencha, 100 g is low in Rotterdam",
                    "summary": "3 available, reorder at 10",
                    "url": "https://shop.example/alerts/AL-1/",
                }
            ],
            fields={
                "title": _("what is the matter"),
                "summary": _("its evidence"),
                "url": _("its page"),
            },
        ),
        "others": Variable(words=_("How many there are beside the first, or 0"), sample=0),
        "more": Variable(words=_("How many are not in the list, or 0"), sample=0),
        "url": Variable(words=_("The whole list"), sample="https://shop.example/alerts/"),
    },
)
LETTERS = (NEW_ALERTS,)


def new_alerts(*, username: str, kind: str, at: str) -> Letter | None:
    """Tell one person of the alerts a round opened, those that are still open."""
    person = User.objects.filter(username=username, is_active=True).exclude(email="").first()
    named = all_kinds().get(kind)
    if person is None or named is None:
        return None
    opened = selectors.visible_alerts(person).filter(
        kind=kind, opened_at=datetime.fromisoformat(at), status=AlertStatus.OPEN
    )
    count = opened.count()
    if not count:
        return None
    rows = selectors.rows_of(opened.order_by("-severity", "id")[:MOST])
    values: dict[str, Any] = {
        "kind": str(named.label),
        "meaning": str(named.meaning),
        "first": rows[0].told.title,
        "alerts": [
            {
                "title": row.told.title,
                "summary": row.told.summary,
                "url": _address("alerts:detail", row.alert.number),
            }
            for row in rows
        ],
        "others": count - 1,
        "more": count - len(rows),
        "url": f"{_address('alerts:list')}?view={kind}",
    }
    return write(NEW_ALERTS, values, recipients=(person.email,), thread=f"alerts:{kind}")


def _address(name: str, *args: str) -> str:
    return f"{settings.OMS_BASE_URL}{reverse(name, args=args)}"
