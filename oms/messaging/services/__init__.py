"""What other apps may ask of the post office."""

from oms.messaging.services.keeping import keep
from oms.messaging.services.notifying import notify
from oms.messaging.services.posting import post

__all__ = ["keep", "notify", "post"]
