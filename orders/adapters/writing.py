"""What channels are told: our news, and what every outbound half must be able to do with it.

A writer knows no database. It looks first whether the channel knows already, under the number that
our document has, and says it once; what the channel calls it is returned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from oms.channels.connection import Connection


@dataclass(frozen=True)
class Sent:
    """A parcel of ours that left. `order` is the channel's id of the order, `number` that of our
    shipment; `units` are by the channel's ids of its lines. `name` is what the channel's people
    call the order. `is_all`: nothing is left to send."""

    order: str
    number: str
    units: Mapping[str, int]
    carrier: str = ""
    service: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    shipped_at: str = ""
    is_all: bool = False
    name: str = ""


@dataclass(frozen=True)
class Dropped:
    """Units of an order that we shall not send; `number` is what this is known by, on our side."""

    order: str
    number: str
    units: Mapping[str, int]
    reason: str = ""
    whole: bool = False


@dataclass(frozen=True)
class MoneyBack:
    """Money of an order that its channel is to give back; `number` is that of our refund."""

    order: str
    number: str
    amount: Decimal
    currency: str
    reason: str = ""


@dataclass(frozen=True)
class GivenBack:
    """A refund as the channel has it. `is_moved` is None while it is on its way."""

    id: str
    amount: Decimal
    currency: str
    is_moved: bool | None


@dataclass(frozen=True)
class Stocked:
    """How many units of one SKU the channel may sell."""

    sku: str
    available: int


class Declined(Exception):
    """Raised by `give_back`: the channel says no, and nothing was moved."""


class Writer(Protocol):
    """The outbound half of an adapter.

    All raise GiveUp where trying again cannot help, TryLater where the channel asks for patience;
    any other exception means that the outcome is unknown, and it is looked up next time.
    """

    def tell_sent(self, connection: Connection, sent: Sent) -> Sequence[str]:
        """Tell that a parcel left, once. Return the channel's ids of what it made of it."""

    def tell_dropped(self, connection: Connection, dropped: Dropped) -> Sequence[tuple[str, str]]:
        """Tell that units will not come, once, moving no money. Return kind and id of what the
        channel made of it (`refund`, `cancellation`), so that its echo is known."""

    def find_refund(self, connection: Connection, wanted: MoneyBack) -> GivenBack | None:
        """Return the refund that the channel has under our number."""

    def give_back(self, connection: Connection, wanted: MoneyBack) -> GivenBack:
        """Have the channel give money back. Raises: Declined."""

    def set_stock(self, connection: Connection, levels: Sequence[Stocked]) -> Sequence[str]:
        """Tell what may be sold, in one go where the channel can. Return the SKUs it does not
        know."""
