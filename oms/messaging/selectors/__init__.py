"""Reads: what was sent, what is said, and what people are told."""

from oms.messaging.selectors.automation import Step, automation, listening, sentence
from oms.messaging.selectors.feed import (
    event_named,
    events_after,
    message_of,
    represent,
    sequence_of,
)
from oms.messaging.selectors.letters import (
    letters_of,
    message_by_key,
    message_list,
    unsent_jobs,
    was_sent,
)
from oms.messaging.selectors.notices import (
    inbox_of,
    notice_by_key,
    room_of,
    teams_with_chats,
    unread_count,
)
from oms.messaging.selectors.webhooks import (
    Health,
    attempts_of,
    delivery_log,
    endpoint_list,
    health_of,
    last_attempts,
    metrics,
    next_due,
    shown_secret,
)
from oms.messaging.selectors.wordings import (
    is_on,
    newest_version,
    reworded,
    switches,
    switches_of,
    wordings_in_force,
    wordings_of,
)

__all__ = [
    "Health",
    "Step",
    "attempts_of",
    "automation",
    "delivery_log",
    "endpoint_list",
    "event_named",
    "events_after",
    "health_of",
    "inbox_of",
    "is_on",
    "last_attempts",
    "letters_of",
    "listening",
    "message_by_key",
    "message_list",
    "message_of",
    "metrics",
    "newest_version",
    "next_due",
    "notice_by_key",
    "represent",
    "reworded",
    "room_of",
    "sentence",
    "sequence_of",
    "shown_secret",
    "switches",
    "switches_of",
    "teams_with_chats",
    "unread_count",
    "unsent_jobs",
    "was_sent",
    "wordings_in_force",
    "wordings_of",
]
