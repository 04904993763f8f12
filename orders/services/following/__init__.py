"""An order of ours keeps in step with what its channel says of it.

What a channel says is merged part by part (`keeping`). What that means for our order as it stands
is decided on plain values (`planning`), and carried out one act at a time (`following`).
"""

from orders.services.following.keeping import (
    accept_difference,
    follow,
    follow_due,
    know_counterpart,
    take_in,
)
from orders.services.following.naming import (
    Matched,
    forget_match,
    match_line,
    match_lines,
    match_sku,
    release_matched,
)

__all__ = [
    "Matched",
    "accept_difference",
    "follow",
    "follow_due",
    "forget_match",
    "know_counterpart",
    "match_line",
    "match_lines",
    "match_sku",
    "release_matched",
    "take_in",
]
