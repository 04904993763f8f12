"""What other apps may ask of the post office."""

from oms.messaging.services.chatting import set_team_chat
from oms.messaging.services.keeping import keep, pass_to_sms
from oms.messaging.services.notifying import notify
from oms.messaging.services.posting import post
from oms.messaging.services.reading import read_all_notices, read_notice
from oms.messaging.services.resending import resend_message
from oms.messaging.services.rewording import (
    restore_letter,
    reword_letter,
    switch_letter,
    try_letter,
)

__all__ = [
    "keep",
    "notify",
    "pass_to_sms",
    "post",
    "read_all_notices",
    "read_notice",
    "resend_message",
    "restore_letter",
    "reword_letter",
    "set_team_chat",
    "switch_letter",
    "try_letter",
]
