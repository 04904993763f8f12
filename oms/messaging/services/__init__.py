"""What other apps may ask of the post office."""

from oms.messaging.services.chatting import set_team_chat
from oms.messaging.services.clearing import clear_webhooks
from oms.messaging.services.delivering import record_attempts, take_due
from oms.messaging.services.endpoints import (
    OVERLAP,
    NewSecret,
    add_endpoint,
    change_and_switch,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
    rotate_secret,
)
from oms.messaging.services.keeping import keep, pass_to_sms
from oms.messaging.services.notifying import notify
from oms.messaging.services.posting import post
from oms.messaging.services.reading import read_all_notices, read_notice
from oms.messaging.services.relaying import publish_committed
from oms.messaging.services.replaying import (
    ping,
    replay_delivery,
    replay_event,
    replay_failed,
    replay_since,
)
from oms.messaging.services.resending import resend_message
from oms.messaging.services.rewording import (
    restore_letter,
    reword_letter,
    switch_letter,
    try_letter,
)

__all__ = [
    "OVERLAP",
    "NewSecret",
    "add_endpoint",
    "change_and_switch",
    "change_endpoint",
    "clear_webhooks",
    "disable_endpoint",
    "enable_endpoint",
    "keep",
    "notify",
    "pass_to_sms",
    "ping",
    "post",
    "publish_committed",
    "read_all_notices",
    "read_notice",
    "record_attempts",
    "remove_endpoint",
    "replay_delivery",
    "replay_event",
    "replay_failed",
    "replay_since",
    "resend_message",
    "restore_letter",
    "reword_letter",
    "rotate_secret",
    "set_team_chat",
    "switch_letter",
    "take_due",
    "try_letter",
]
