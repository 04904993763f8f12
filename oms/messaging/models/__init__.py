"""One file per document."""

from oms.messaging.models.messages import Message
from oms.messaging.models.notices import Notice, NoticeCopy
from oms.messaging.models.wordings import LetterSwitch, TeamChat, Wording

__all__ = ["LetterSwitch", "Message", "Notice", "NoticeCopy", "TeamChat", "Wording"]
