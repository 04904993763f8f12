"""An order of ours keeps in step with what its channel says of it.

What a channel says is merged part by part (`keeping`). What that means for our order as it stands
is decided on plain values (`planning`), and carried out one act at a time (`following`).
"""

from orders.services.following.keeping import know_counterpart, take_in

__all__ = ["know_counterpart", "take_in"]
