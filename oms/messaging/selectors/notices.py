from django.contrib.auth.models import Group
from django.db.models import QuerySet

from oms.core.models import User
from oms.messaging.models import Notice, NoticeCopy, TeamChat

MANY = 100


def unread_count(user: User) -> int:
    """Return how many notices `user` has not read, up to a hundred. One query, on every page."""
    return NoticeCopy.objects.filter(user=user, read_at=None)[:MANY].count()


def inbox_of(user: User, *, unread: bool) -> QuerySet[NoticeCopy]:
    """Return the notices of one person: those not read yet, or all."""
    copies = NoticeCopy.objects.filter(user=user).select_related("notice")
    return copies.filter(read_at=None) if unread else copies


def notice_by_key(key: str) -> Notice | None:
    return Notice.objects.filter(key=key).first()


def teams_with_chats() -> list[tuple[str, TeamChat | None]]:
    """Return every team, a role, with its chat room if it has one. Two queries."""
    chats = {chat.role: chat for chat in TeamChat.objects.all()}
    names = Group.objects.order_by("name").values_list("name", flat=True)
    return [(name, chats.get(name)) for name in names]


def room_of(team: str) -> str:
    """Return the address of a team's chat room, empty where it has none."""
    return TeamChat.objects.filter(role=team).values_list("url", flat=True).first() or ""
