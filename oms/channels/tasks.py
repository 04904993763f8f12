"""What the queue may run for channels."""

from datetime import timedelta

from django.utils import timezone

from oms.channels import services
from oms.core.routines import Routine


def purge() -> bool:
    return services.purge_messages(at=timezone.now())


PURGING = Routine(purge, every=timedelta(hours=1))
