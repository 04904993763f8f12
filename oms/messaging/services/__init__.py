"""What other apps may ask of the post office."""

from oms.messaging.services.keeping import keep
from oms.messaging.services.notifying import notify
from oms.messaging.services.posting import post
from oms.messaging.services.reading import read_all_notices, read_notice

__all__ = ["keep", "notify", "post", "read_all_notices", "read_notice"]
