"""Reads: webhook endpoints, how they fare, and what is on its way to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from oms.core import sql
from oms.core.sealing import unseal
from oms.messaging.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from oms.messaging.rules import retrying, signing
from oms.messaging.states import DeliveryState, EndpointState

SECRETS = "webhook secret"
COUNTED = 1000
"""Counts stop here: nobody needs more digits."""

IS_FIRST = """(
    SELECT 1 FROM messaging_webhookdelivery e
     WHERE e.endpoint_id = d.endpoint_id AND e.thread = d.thread AND e.state = 'waiting'
       AND e.event_id < d.event_id LIMIT 1) IS NULL"""
"""Whether no earlier event of the same story is still on its way to the same endpoint.

Asked row by row, in the order of the index: as NOT EXISTS it becomes a join over all that waits.
"""

NEXT_DUE = f"""
SELECT greatest(d.due_at,
                (SELECT paused_until FROM messaging_webhookendpoint WHERE id = d.endpoint_id))
  FROM messaging_webhookdelivery d
 WHERE d.endpoint_id = (SELECT id FROM messaging_webhookendpoint
                         WHERE public_id = %s AND state = 'enabled')
   AND d.state = 'waiting' AND {IS_FIRST}
 ORDER BY d.due_at, d.id LIMIT 1
"""  # noqa: S608 (our own text)

FIGURES_OF_ONE = """
       (SELECT count(*) FROM (SELECT 1 FROM messaging_webhookdelivery d
         WHERE d.endpoint_id = w.id AND d.state = 'waiting' LIMIT %s) counted),
       (SELECT count(*) FROM (SELECT 1 FROM messaging_webhookdelivery d
         WHERE d.endpoint_id = w.id AND d.state = 'failed' LIMIT %s) counted)"""
OLDEST = """
       (SELECT asked_at FROM messaging_webhookdelivery d
         WHERE d.endpoint_id = w.id AND d.state = 'waiting' ORDER BY d.id LIMIT 1)"""

HEALTH = f"""
SELECT w.id, {FIGURES_OF_ONE}, {OLDEST}
  FROM messaging_webhookendpoint w WHERE w.id = ANY(%s)
"""  # noqa: S608 (our own text)

FIGURES = f"""
SELECT '', (SELECT count(*) FROM (SELECT 1 FROM messaging_unpublishedevent LIMIT %s) counted),
       0, 0, 0
UNION ALL
SELECT * FROM (
    SELECT w.public_id, {FIGURES_OF_ONE}, w.failures,
           coalesce(extract(epoch FROM statement_timestamp() - {OLDEST}), 0)
      FROM messaging_webhookendpoint w WHERE w.state <> 'removed' ORDER BY w.id) endpoints
"""  # noqa: S608 (our own text)


@dataclass(frozen=True)
class Health:
    """How one endpoint fares: counts up to a thousand, and since when the oldest one waits."""

    endpoint: WebhookEndpoint
    waiting: int
    failed: int
    oldest_at: datetime | None

    @property
    def condition(self) -> str:
        """One word: disabled, paused, failing, healthy, or new before the first delivery."""
        if self.endpoint.state != EndpointState.ENABLED:
            return str(self.endpoint.state)
        if retrying.is_paused_after(self.endpoint.failures):
            return "paused"
        if self.endpoint.failures:
            return "failing"
        return "healthy" if self.endpoint.last_success_at else "new"


def endpoint_list() -> QuerySet[WebhookEndpoint]:
    """Return the endpoints that stand, newest first."""
    rows = WebhookEndpoint.objects.exclude(state=EndpointState.REMOVED)
    return rows.select_related("channel").order_by("-id")


def health_of(endpoints: Iterable[WebhookEndpoint]) -> list[Health]:
    """Return how these endpoints fare, in their order. One query."""
    by_id = {each.pk: each for each in endpoints}
    rows = sql.run(HEALTH, [COUNTED, COUNTED, list(by_id)])
    found = {pk: Health(by_id[pk], *figures) for pk, *figures in rows}
    return [found[pk] for pk in by_id]


def delivery_log(endpoint: WebhookEndpoint, *, state: str = "") -> QuerySet[WebhookDelivery]:
    """Return what was sent to an endpoint and what is on its way."""
    rows = WebhookDelivery.objects.filter(endpoint=endpoint)
    return rows.filter(state=state) if state in DeliveryState.values else rows


def attempts_of(delivery: WebhookDelivery) -> list[WebhookAttempt]:
    """Return every try of one delivery, the newest first."""
    return list(WebhookAttempt.objects.filter(delivery=delivery).order_by("-number"))


def last_attempts(deliveries: Iterable[WebhookDelivery]) -> dict[int, WebhookAttempt]:
    """Return the newest try of each delivery by its key. One query."""
    rows = WebhookAttempt.objects.filter(delivery__in=list(deliveries))
    return {row.delivery_id: row for row in rows.order_by("number")}


def next_due(endpoint: str) -> datetime | None:
    """Return when there is something to do for an endpoint; None while nothing waits."""
    rows = sql.run(NEXT_DUE, [endpoint])
    return rows[0][0] if rows else None


def secrets_of(endpoint: WebhookEndpoint, *, at: datetime) -> list[bytes]:
    """Return what messages to an endpoint are signed with, the newest first.

    Raises: SealBroken.
    """
    rows = WebhookSecret.objects.filter(endpoint=endpoint).order_by("-id")
    return [
        unseal(row.sealed, purpose=SECRETS)
        for row in rows
        if row.expires_at is None or row.expires_at > at
    ]


def shown_secret(endpoint: str) -> str:
    """Return an endpoint's first secret as its owner was shown it; nothing once it was replaced."""
    rows = WebhookSecret.objects.filter(endpoint__public_id=endpoint).order_by("id")
    found = list(rows[:2])
    if len(found) != 1 or found[0].expires_at:
        return ""
    return signing.shown(unseal(found[0].sealed, purpose=SECRETS))


def metrics() -> list[tuple[str, dict[str, str], float]]:
    """Return the figures of every endpoint, and how many facts the feed is behind. One query."""
    (_, backlog, *_rest), *rows = sql.run(FIGURES, [COUNTED, COUNTED, COUNTED])
    samples: list[tuple[str, dict[str, str], float]] = [("oms_feed_backlog", {}, backlog)]
    for public_id, waiting, failed, failures, lag in rows:
        label = {"endpoint": public_id}
        samples += [
            ("oms_webhooks_waiting", label, waiting),
            ("oms_webhooks_given_up", label, failed),
            ("oms_webhooks_failures_in_a_row", label, failures),
            ("oms_webhooks_lag_seconds", label, max(0.0, float(lag))),
        ]
    return samples
