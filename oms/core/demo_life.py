"""A demo shop that lives: orders come in, warehouses work, parcels travel, while people look on.

Every app adds what happens in it (`DEMO_LIFE` in `oms/composition.py`): a function that is called
every second and does a little, by the services and doors that everyone uses. Only what came to
life here goes on by itself: the documents that `demo` prepared wait for people.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from oms.core.errors import Refusal

PREFIX = "L-"
"""How the order ids begin that came to life here."""

log = logging.getLogger(__name__)


@dataclass
class Life:
    """What a turn goes by: `pace` orders a minute, the server's address, and the dice."""

    pace: float
    url: str
    dice: Random = field(default_factory=Random)
    now: datetime = field(default_factory=timezone.now)
    elapsed: float = 0.0
    """Seconds since the last turn."""
    owed: float = 0.0
    """Orders that are due and not placed yet."""

    def times(self, per_order: float) -> int:
        """Return how often something happens in this turn that `per_order` happens to an order."""
        mean = self.pace / 60 * self.elapsed * per_order
        return int(mean) + (self.dice.random() < mean % 1)


def turn(life: Life, now: datetime) -> None:
    """Let a little happen everywhere. What is refused was not to be, and the others go on."""
    life.elapsed = min((now - life.now).total_seconds(), 5.0)
    life.now = now
    for path in settings.DEMO_LIFE:
        try:
            import_string(path)(life)
        except Refusal as refusal:
            log.info("%s: %s", path, refusal)
