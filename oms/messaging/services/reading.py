from datetime import datetime

from oms.core.services import service
from oms.messaging.errors import NoticeNotFound
from oms.messaging.models import NoticeCopy


@service
def read_notice(*, copy: int, user: str, at: datetime) -> str:
    """Put down that `user` has read a notice, the first time; return the page it leads to.

    Raises: NoticeNotFound.
    Locks: nothing.
    Publishes: nothing.
    """
    found = NoticeCopy.objects.filter(pk=copy, user__username=user).select_related("notice")
    mine = found.first()
    if mine is None:
        raise NoticeNotFound
    NoticeCopy.objects.filter(pk=copy, read_at=None).update(read_at=at)
    return mine.notice.url


@service
def read_all_notices(*, user: str, at: datetime) -> int:
    """Put down that `user` has read all of their notices; return how many were new.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    return NoticeCopy.objects.filter(user__username=user, read_at=None).update(read_at=at)
