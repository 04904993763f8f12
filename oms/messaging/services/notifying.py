from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from oms.core.actors import SYSTEM, Actor
from oms.core.jobs import enqueue
from oms.core.models import User
from oms.core.services import service
from oms.messaging.models import Notice, NoticeCopy, TeamChat
from oms.messaging.services.posting import CHAT
from oms.messaging.states import NoticeLevel


@service
def notify(
    *,
    key: str,
    subject: str,
    permission: str = "",
    role: str = "",
    user: str = "",
    location: str | None = None,
    text: str = "",
    url: str = "",
    thread: str = "",
    level: str = NoticeLevel.INFO,
    by: Actor = SYSTEM,
    at: datetime | None = None,
) -> None:
    """Tell colleagues in their inbox, once for `key`.

    Told are the active people who hold `permission` ("orders.refund_order") or `role`
    ("finance"), or the one `user` by name; with `location` (its code) only those who see that
    location. `url` is the path of the page where something can be done about it. With nobody to
    tell, nothing is written, and the same key may be told again. Teams with a chat room read it
    there, too. Not for the path of an order.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    people = list(_people(permission, role, user, location).values_list("pk", flat=True))
    if not people:
        return
    notice, made = Notice.objects.get_or_create(
        key=key,
        defaults={
            "level": NoticeLevel(level),
            "subject": " ".join(subject.split())[:300],
            "text": text,
            "url": url,
            "thread": thread,
            "audience": _words(permission, role, user, location),
            "by": str(by),
            "told_at": at or timezone.now(),
        },
    )
    if made:
        NoticeCopy.objects.bulk_create(NoticeCopy(notice=notice, user_id=each) for each in people)
        _pass_to_chats(notice, permission, role)


def _pass_to_chats(notice: Notice, permission: str, role: str) -> None:
    """Have the chat rooms of the teams that are told post it; a notice to one person stays here."""
    if not (permission or role):
        return
    wanted = Q(name=role)
    if permission:
        label, _, codename = permission.partition(".")
        wanted |= Q(permissions__codename=codename, permissions__content_type__app_label=label)
    teams = Group.objects.filter(wanted).values("name")
    for team, level in TeamChat.objects.filter(role__in=teams).values_list("role", "level"):
        if LEVELS.index(notice.level) >= LEVELS.index(level):
            payload = {"notice": notice.key, "team": team}
            enqueue(CHAT, key=f"notice:{notice.pk}:{team}", payload=payload)


LEVELS = list(NoticeLevel.values)


def _people(permission: str, role: str, user: str, location: str | None) -> QuerySet[User]:
    if not (permission or role or user):
        raise ValueError("A notice names a permission, a role or a person")
    wanted = Q()
    if permission:
        label, _, codename = permission.partition(".")
        for held in ("groups__permissions", "user_permissions"):
            wanted |= Q(
                **{f"{held}__codename": codename, f"{held}__content_type__app_label": label}
            )
    if role:
        wanted |= Q(groups__name=role)
    if user:
        wanted |= Q(username=user)
    people = User.objects.filter(wanted, is_active=True)
    if location:
        people = people.filter(pk__in=import_string(settings.PEOPLE_AT)(location).values("pk"))
    return people.order_by("pk").distinct()


def _words(permission: str, role: str, user: str, location: str | None) -> str:
    who = ", ".join(each for each in (permission, role, user) if each)
    return (f"{who} at {location}" if location else who)[:200]
