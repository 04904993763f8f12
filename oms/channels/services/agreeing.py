"""What is agreed with a channel: how its orders are taken, who is told what, how often it calls."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from oms.channels.events import ChannelChanged
from oms.channels.naming import forget_names
from oms.channels.selectors import forget_agreed
from oms.channels.services.connecting import locked_channel
from oms.channels.states import StockPolicy
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Everything that is agreed with a channel, by the names that `Channel` explains."""

    name: str
    is_active: bool = True
    stock_policy: str = StockPolicy.BACKORDER
    auto_confirm: bool = True
    hold_until_paid: bool = False
    unpaid_hours: int = 0
    allowed_services: tuple[str, ...] = ()
    letters_off: tuple[str, ...] = ()
    verifies_emails: bool = False
    requests_per_minute: int = 0
    burst: int = 0
    stock_seconds: int = 10
    live_since: date | None = None


@service
def agree(*, channel: str, terms: Terms, by: Actor, at: datetime) -> None:
    """Have a channel work by these terms from its next order on. Nothing new tells nothing.

    Raises: ChannelNotFound.
    Locks: Channel.
    Publishes: ChannelChanged.
    """
    row = locked_channel(channel)
    changes = {}
    for name, value in asdict(terms).items():
        wanted = list(value) if isinstance(value, tuple) else value
        if (old := getattr(row, name)) != wanted:
            changes[name] = {"from": _plain(old), "to": _plain(wanted)}
            setattr(row, name, wanted)
    if not changes:
        return
    row.save(update_fields=list(changes))
    forget_names()
    transaction.on_commit(forget_agreed)
    publish(ChannelChanged(thread=channel, subject=channel, by=by, at=at, changes=changes))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
