"""What the apps write and the post office delivers."""

from oms.messaging.letters.envelopes import LONGEST_SUBJECT, Attachment, Letter, NoSuchAddress

__all__ = ["LONGEST_SUBJECT", "Attachment", "Letter", "NoSuchAddress"]
