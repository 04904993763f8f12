"""What a custom store exports: all orders modified between two times, page by page."""

import re
from datetime import datetime

from oms.channels.connection import Connection
from orders.adapters.asking import Failing, Refused, basic, call
from orders.adapters.fetched import Fetched, Look
from orders.adapters.messages import Unreadable
from orders.adapters.parts import Fetch
from orders.adapters.shipstation import xml

WRITTEN = "%m/%d/%Y %H:%M"
MOST_PAGES = 1000


class ShipStationFetcher:
    is_by_id = False

    def fetch(self, connection: Connection, wanted: Fetch) -> tuple[Fetched, ...]:
        raise Refused(400, "A custom store exports orders by time, not one by one.")

    def look(self, connection: Connection, *, since: datetime, until: datetime, page: str) -> Look:
        """Ask for one page of the export; times are in UTC, to the minute."""
        number = int(page or 1)
        reply = call(
            "GET",
            connection.base_url,
            headers={"Authorization": basic(connection), "Accept": "application/xml, text/xml"},
            query={
                "action": "export",
                "start_date": since.strftime(WRITTEN),
                "end_date": until.strftime(WRITTEN),
                "page": str(number),
            },
            timeout=30.0,
        )
        try:
            root = xml.parsed(reply.body)
        except Unreadable as reason:
            raise Failing(str(reason)) from reason
        said = root.get("pages") or "1"
        last = int(said) if re.fullmatch(r"[0-9]{1,6}", said) else 1
        more = number < min(last, MOST_PAGES)
        return Look(
            documents=(Fetched("Orders", reply.body),), page=str(number + 1) if more else ""
        )
