"""What is true of facts at every moment."""

from oms.core.books import Invariant
from oms.core.ledgers import STANDING

INVARIANTS = (
    Invariant(
        "facts_only_grow",
        "Facts are guarded against change and removal.",
        STANDING.format(table="core_eventrecord"),
    ),
)
