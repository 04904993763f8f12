"""Reads: what was sent, and what people are told."""

from oms.messaging.selectors.letters import letters_of, was_sent
from oms.messaging.selectors.notices import inbox_of, unread_count

__all__ = ["inbox_of", "letters_of", "unread_count", "was_sent"]
