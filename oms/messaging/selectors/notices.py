from django.db.models import QuerySet

from oms.core.models import User
from oms.messaging.models import NoticeCopy

MANY = 100


def unread_count(user: User) -> int:
    """Return how many notices `user` has not read, up to a hundred. One query, on every page."""
    return NoticeCopy.objects.filter(user=user, read_at=None)[:MANY].count()


def inbox_of(user: User, *, unread: bool) -> QuerySet[NoticeCopy]:
    """Return the notices of one person: those not read yet, or all."""
    copies = NoticeCopy.objects.filter(user=user).select_related("notice")
    return copies.filter(read_at=None) if unread else copies
