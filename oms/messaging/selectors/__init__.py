"""Reads: what was sent, what is said, and what people are told."""

from oms.messaging.selectors.automation import Step, automation, listening
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
    "Step",
    "automation",
    "inbox_of",
    "is_on",
    "letters_of",
    "listening",
    "message_by_key",
    "message_list",
    "newest_version",
    "notice_by_key",
    "reworded",
    "room_of",
    "switches",
    "switches_of",
    "teams_with_chats",
    "unread_count",
    "unsent_jobs",
    "was_sent",
    "wordings_in_force",
    "wordings_of",
]
