from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from oms.channels.models import FileImport, FileProblem, FileRow, InboundMessage, InboundTraffic
from oms.channels.states import FILE, OVER, UNDER_WAY, InboundState
from oms.core import locking
from oms.core.services import service

SETTLED = (InboundState.APPLIED, InboundState.IGNORED)
COUNTS_KEPT = timedelta(days=400)
SLICE = 1000
FILES_AT_ONCE = 5


@service
def purge_messages(*, at: datetime, limit: int = SLICE) -> bool:
    """Forget the bodies and headers of messages that were settled long ago, a slice of them;
    return whether there may be more. What became of them stays, and what lies aside is kept.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    before = at - timedelta(days=settings.MESSAGES_KEPT_DAYS)
    old = InboundMessage.objects.filter(state__in=SETTLED, purged_at=None, processed_at__lt=before)
    keys = list(old.order_by("processed_at").values_list("pk", flat=True)[:limit])
    InboundMessage.objects.filter(pk__in=keys, state__in=SETTLED).update(
        body=b"", headers={}, purged_at=at
    )
    InboundTraffic.objects.filter(hour__lt=at - COUNTS_KEPT).delete()
    return len(keys) == limit


@service
def purge_files(*, at: datetime, limit: int = FILES_AT_ONCE) -> bool:
    """Forget the bytes and rows of files that came long ago and are not under way, some of them;
    return whether there may be more. Who brought them, and what became of them, stays.

    Raises: nothing.
    Locks: FileImport.
    Publishes: nothing.
    """
    before = at - timedelta(days=settings.MESSAGES_KEPT_DAYS)
    old = FileImport.objects.filter(purged_at=None, brought_at__lt=before)
    keys = list(old.exclude(state__in=UNDER_WAY).order_by("brought_at").values("pk")[:limit])
    for file in locking.lock(old.filter(pk__in=[key["pk"] for key in keys])):
        if file.state in UNDER_WAY:
            continue
        FileRow.objects.filter(file=file).delete()
        FileProblem.objects.filter(file=file).delete()
        if file.state not in OVER:
            file.state = FILE.after("put away", file.state)
            file.settled_at = at
        transaction.on_commit(partial(default_storage.delete, str(file.file)))
        file.file = ""
        file.purged_at = at
        file.save(update_fields=["file", "purged_at", "state", "settled_at"])
    return len(keys) == limit
