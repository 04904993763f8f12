"""What is agreed with channels, kept in the process for those who ask at every parcel."""

import time

from oms.channels.models import Channel

_KEPT_FOR = 5.0
_kept: tuple[float, dict[int, frozenset[str]]] = (-_KEPT_FOR, {})


def allowed_services(channel_id: int) -> frozenset[str]:
    """Return the codes of the services that a channel's parcels may go with; none for all.

    Kept in the process for five seconds.
    """
    global _kept
    if time.monotonic() - _kept[0] > _KEPT_FOR:
        rows = Channel.objects.exclude(allowed_services=[]).values_list("pk", "allowed_services")
        _kept = (time.monotonic(), {pk: frozenset(codes) for pk, codes in rows})
    return _kept[1].get(channel_id, frozenset())


def forget_agreed() -> None:
    """Read anew at the next call, after something was changed in this process."""
    global _kept
    _kept = (-_KEPT_FOR, {})
