"""What the queue may run: wake-ups, which may come twice, late or never."""

from oms.core import heartbeat, jobs

A_MOMENT = 4


def drain(kind: str, *how: str) -> int:
    """Do what is due of `kind`, showing life meanwhile; "short" is for a few seconds only."""
    with heartbeat.beating():
        return jobs.drain(kind, seconds=A_MOMENT) if how else jobs.drain(kind)


def beat() -> None:
    """Show that wake-ups arrive, when there is nothing to wake anybody for."""
    heartbeat.beat()
