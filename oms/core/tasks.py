"""What the queue may run: wake-ups, which may come twice, late or never."""

from oms.core import heartbeat, jobs


def drain(kind: str) -> int:
    """Do what is due of `kind`, showing life meanwhile."""
    with heartbeat.beating():
        return jobs.drain(kind)


def beat() -> None:
    """Show that wake-ups arrive, when there is nothing to wake anybody for."""
    heartbeat.beat()
