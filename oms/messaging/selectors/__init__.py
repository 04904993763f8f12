"""Reads: what was sent, and what people are told."""

from oms.messaging.selectors.letters import inbox_of, letters_of, unread_count, was_sent

__all__ = ["inbox_of", "letters_of", "unread_count", "was_sent"]
