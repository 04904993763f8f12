"""The feed: facts that are committed get their numbers, and endpoints their deliveries."""

import json
from collections.abc import Collection
from time import monotonic

from django.conf import settings
from django.utils.module_loading import import_string

from oms.core import jobs, parts, sql
from oms.core.services import service
from oms.messaging.rules.facts import PUBLIC_FACTS

KIND = "webhook"
SLICE = 1000
SECONDS = 1.0
ONLY_ONE = 0x0E5EED  # the advisory lock of the relay

ANY = "SELECT 1 FROM messaging_unpublishedevent LIMIT 1"
NEXT = """
SELECT u.id, u.event_id, e.name, e.thread
FROM messaging_unpublishedevent u JOIN core_eventrecord e ON e.id = u.event_id
ORDER BY u.id LIMIT %s
"""
PUBLISH = """
WITH taken AS (
    DELETE FROM messaging_unpublishedevent WHERE id = ANY(%s)
), facts AS (
    SELECT o.ordinality AS place, e.id, e.name, e.thread,
           (%s::jsonb ->> e.thread)::bigint AS channel
    FROM unnest(%s::bigint[]) WITH ORDINALITY AS o (id, ordinality)
    JOIN core_eventrecord e ON e.id = o.id
    WHERE e.name = ANY(%s) AND NOT e.payload ? 'past'
), published AS (
    INSERT INTO messaging_publishedevent
        (sequence, event_id, name, thread, thread_sequence, channel_id, published_at)
    SELECT (SELECT coalesce(max(sequence), 0) FROM messaging_publishedevent)
               + row_number() OVER (ORDER BY place),
           id, name, thread,
           (SELECT coalesce(max(p.thread_sequence), 0)
              FROM messaging_publishedevent p WHERE p.thread = f.thread)
               + row_number() OVER (PARTITION BY thread ORDER BY place),
           channel, statement_timestamp()
    FROM facts f
    RETURNING sequence, name, thread, channel_id
), wanted AS (
    INSERT INTO messaging_webhookdelivery
        (endpoint_id, event_id, name, thread, state, attempts, asked_at, due_at, last_error)
    SELECT w.id, p.sequence, p.name, p.thread, 'waiting', 0,
           statement_timestamp(), statement_timestamp(), ''
    FROM published p
    JOIN messaging_webhookendpoint w
      ON (w.channel_id IS NULL OR w.channel_id = p.channel_id)
     AND (w.types = '{}' OR p.name = ANY(w.types))
    LEFT JOIN channels_channel c ON c.id = w.channel_id
    WHERE %s AND w.state = 'enabled' AND (w.channel_id IS NULL OR c.is_active)
    ORDER BY p.sequence, w.id
    RETURNING endpoint_id
)
SELECT w.public_id, coalesce(w.paused_until, statement_timestamp())
FROM messaging_webhookendpoint w WHERE w.id IN (SELECT endpoint_id FROM wanted)
"""


def relay() -> None:
    """Publish what is committed, for a second at most. With nothing to publish, one query."""
    end = monotonic() + SECONDS
    while sql.run(ANY) and publish_committed(limit=SLICE) and monotonic() < end:
        pass


@service
def publish_committed(*, limit: int) -> bool:
    """Give up to `limit` committed facts their place in the feed, in the order in which they came,
    and to every endpoint that wants one its delivery; none where webhooks are left out. Return
    whether there may be more.

    One at a time: who finds another at it leaves it to that one.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    if not sql.run("SELECT 1 WHERE pg_try_advisory_xact_lock(%s)", [ONLY_ONE]):
        return False
    rows = sql.run(NEXT, [limit])
    owners = _channels_of({thread for _, _, name, thread in rows if name in PUBLIC_FACTS})
    ids, events = [row[0] for row in rows], [row[1] for row in rows]
    wanted = "webhooks" in parts.present()
    due = sql.run(PUBLISH, [ids, json.dumps(owners), events, list(PUBLIC_FACTS), wanted])
    jobs.ask_for(KIND, due=dict(due))
    return len(rows) == limit


def _channels_of(threads: Collection[str]) -> dict[str, int]:
    """Ask those who know whose stories these are."""
    found: dict[str, int] = {}
    if threads:
        for path in settings.EVENT_CHANNELS:
            found |= import_string(path)(threads)
    return found
