"""The fetch socket: what channels that send only ids, or nothing at all, are asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from oms.channels import states
from oms.channels.connection import Connection
from orders.adapters.amazon.fetching import AmazonFetcher
from orders.adapters.bigcommerce.fetching import BigCommerceFetcher
from orders.adapters.fetched import Fetched, Look
from orders.adapters.parts import Fetch
from orders.adapters.shipstation.fetching import ShipStationFetcher


class Fetcher(Protocol):
    """How a kind of channel is asked for orders. It calls; it knows no database.

    `is_by_id`: whether it can be asked for one order.
    """

    is_by_id: bool

    def fetch(self, connection: Connection, wanted: Fetch) -> tuple[Fetched, ...]:
        """Return documents that tell all about what is wanted, for `read` of the adapter.

        Raises: Busy, Refused, Failing, and what `oms.core.outbound` raises.
        """

    def look(self, connection: Connection, *, since: datetime, until: datetime, page: str) -> Look:
        """Return one page of what changed in between; `page` is empty for the first.

        Raises: as `fetch`.
        """


FETCHERS: Mapping[str, Fetcher] = {
    states.Adapter.AMAZON: AmazonFetcher(),
    states.Adapter.BIGCOMMERCE: BigCommerceFetcher(),
    states.Adapter.SHIPSTATION: ShipStationFetcher(),
}


def fetcher_of(adapter: str) -> Fetcher | None:
    """Return how a kind of channel is asked; None where it sends everything by itself."""
    return FETCHERS.get(adapter)
