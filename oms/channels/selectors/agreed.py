"""What is agreed with channels, kept in the process for those who ask at every parcel."""

import time
from dataclasses import dataclass
from functools import cache

from django.db.models import BooleanField, ExpressionWrapper, Q

from oms.channels.models import Channel

_KEPT_FOR = 5.0


@dataclass(frozen=True)
class _Agreed:
    services: frozenset[str]
    is_called: bool


_kept: tuple[float, dict[int, _Agreed]] = (-_KEPT_FOR, {})
_CALLED = Q(is_active=True, connection__is_on=True) & ~Q(connection__base_url="")


def allowed_services(channel_id: int) -> frozenset[str]:
    """Return the codes of the services that a channel's parcels may go with; none for all.

    Kept in the process for five seconds.
    """
    found = _agreed().get(channel_id)
    return found.services if found else frozenset()


def is_called(channel_id: int) -> bool:
    """Whether a channel is told what becomes of its orders. Kept in the process as above."""
    found = _agreed().get(channel_id)
    return found is not None and found.is_called


@cache
def slug_of(channel_id: int) -> str:
    """Return the name of a channel as rules say it; it never changes."""
    return Channel.objects.values_list("slug", flat=True).get(pk=channel_id)


def forget_agreed() -> None:
    """Read anew at the next call, after something was changed in this process."""
    global _kept
    _kept = (-_KEPT_FOR, {})


def _agreed() -> dict[int, _Agreed]:
    """What is agreed with those channels that something is agreed with."""
    global _kept
    if time.monotonic() - _kept[0] > _KEPT_FOR:
        called = ExpressionWrapper(_CALLED, output_field=BooleanField())
        rows = Channel.objects.annotate(is_called=called).filter(
            ~Q(allowed_services=[]) | Q(is_called=True)
        )
        _kept = (
            time.monotonic(),
            {
                pk: _Agreed(frozenset(codes), is_called)
                for pk, codes, is_called in rows.values_list("pk", "allowed_services", "is_called")
            },
        )
    return _kept[1]
