"""The ways the post office says no."""

from dataclasses import dataclass

from oms.core.errors import Missing


@dataclass(eq=False)
class NoticeNotFound(Missing):
    """There is no such notice, or it is another person's."""

    message = "You have no such notice."
