"""What other apps may ask of channels."""

from oms.channels.services.agreeing import Terms, agree
from oms.channels.services.archiving import Archived, Arrived, archive_message, settle_message
from oms.channels.services.carrying import (
    ask_for_the_rest,
    carry_on,
    give_up,
    keep_rows,
    refuse_file,
)
from oms.channels.services.connecting import OVERLAP, add_secret, connect_channel, end_secret
from oms.channels.services.counting import count_traffic
from oms.channels.services.filing import (
    Brought,
    bring_in,
    check_file,
    discard_file,
    receive_file,
    resume_file,
    stop_file,
)
from oms.channels.services.keys import (
    Opened,
    add_key,
    create_api_key,
    create_channel,
    end_key,
    open_channel,
    principal_of,
    revoke_key,
    rotate_key,
)
from oms.channels.services.purging import purge_files, purge_messages
from oms.channels.services.reprocessing import reprocess_message, reprocess_quarantined

__all__ = [
    "OVERLAP",
    "Archived",
    "Arrived",
    "Brought",
    "Opened",
    "Terms",
    "add_key",
    "add_secret",
    "agree",
    "archive_message",
    "ask_for_the_rest",
    "bring_in",
    "carry_on",
    "check_file",
    "connect_channel",
    "count_traffic",
    "create_api_key",
    "create_channel",
    "discard_file",
    "end_key",
    "end_secret",
    "give_up",
    "keep_rows",
    "open_channel",
    "principal_of",
    "purge_files",
    "purge_messages",
    "receive_file",
    "refuse_file",
    "reprocess_message",
    "reprocess_quarantined",
    "resume_file",
    "revoke_key",
    "rotate_key",
    "settle_message",
    "stop_file",
]
