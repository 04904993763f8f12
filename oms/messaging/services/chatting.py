from datetime import datetime

from django.contrib.auth.models import Group

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.outbound import check_url
from oms.core.services import service
from oms.messaging.errors import NoTeam
from oms.messaging.events import TeamChatChanged
from oms.messaging.models import TeamChat
from oms.messaging.states import NoticeLevel


@service
def set_team_chat(*, role: str, url: str, level: str, by: Actor, at: datetime) -> None:
    """Have the notices of a team, of `level` and above, posted to a chat room; to none without url.

    Raises: NoTeam, AddressNotAllowed.
    Locks: nothing.
    Publishes: TeamChatChanged.
    """
    if not Group.objects.filter(name=role).exists():
        raise NoTeam(role=role)
    if url:
        check_url(url)
        TeamChat.objects.update_or_create(
            role=role,
            defaults={
                "url": url,
                "level": NoticeLevel(level),
                "by": str(by),
                "changed_at": at,
            },
        )
    else:
        TeamChat.objects.filter(role=role).delete()
    publish(TeamChatChanged(thread=role, subject=role, is_on=bool(url), by=by, at=at))
