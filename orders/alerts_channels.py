"""What channels told of and never finished telling: pieces that wait for their order."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oms.alerts.kinds import AlertKind, Evidence, Figure, Finding, Threshold, Thresholds, Told
from oms.alerts.states import Severity
from orders.models import ChannelOrder
from orders.states import ChannelOrderState, part_words


def find_unfinished(at: datetime, thresholds: Thresholds) -> list[Finding]:
    """Return orders of which pieces have come, and others have not for too long. One query."""
    hours = thresholds["hours"]
    rows = ChannelOrder.objects.filter(
        state=ChannelOrderState.WAITING, first_heard_at__lt=at - timedelta(hours=hours)
    ).select_related("channel")
    return [
        Finding(
            about=f"{row.channel.slug}:{row.external_id}",
            severity=Severity.NOW
            if at - row.first_heard_at > timedelta(hours=3 * hours)
            else Severity.SOON,
            evidence={
                "channel": row.channel.name,
                "slug": row.channel.slug,
                "external_id": row.external_id,
                "name": str(row),
                "has": sorted({key.partition(":")[0] for key in row.parts}),
                "lacks": row.missing,
                "since": row.first_heard_at.isoformat(),
            },
        )
        for row in rows.order_by("first_heard_at", "id")[: thresholds["most"]]
    ]


def tell_unfinished(evidence: Evidence, thresholds: Thresholds) -> Told:
    lacks = ", ".join(part_words(evidence["lacks"]))
    listed = urlencode({"state": "waiting", "channel": evidence["slug"]})
    came = urlencode({"channel": evidence["slug"], "order": evidence["external_id"]})
    return Told(
        title=gettext("{name} of {channel} is not complete").format(
            name=evidence["name"], channel=evidence["channel"]
        ),
        summary=gettext("Still to come: {what}").format(what=lacks),
        figures=[
            Figure(_("Still to come"), lacks, form="text"),
            Figure(_("Has come"), ", ".join(part_words(evidence["has"])), form="text"),
            Figure(
                _("Waits since"),
                datetime.fromisoformat(evidence["since"]),
                gettext("for more than {n} hours").format(n=thresholds["hours"]),
                form="when",
            ),
        ],
        how=_(
            "The channel told pieces of the order, and not yet what it can be placed with. It goes "
            "when the rest has come."
        ),
        links=[
            (_("What waits for its order"), f"{reverse('orders:channel-orders')}?{listed}"),
            (_("What was said of it"), f"{reverse('archive:list')}?{came}"),
        ],
    )


UNFINISHED_ORDER = AlertKind(
    label=_("Unfinished orders"),
    meaning=_("Pieces of an order that wait for others of their channel."),
    find=find_unfinished,
    tell=tell_unfinished,
    every=timedelta(minutes=15),
    permission="alerts.view_order_alerts",
    thresholds={
        "hours": Threshold(_("Hours since the first piece came"), default=24, least=1, most=8_760),
        "most": Threshold(_("Orders told at once, at most"), default=100, least=1, most=1_000),
    },
)
