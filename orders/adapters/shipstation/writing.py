"""What a custom store is told: that a parcel left (`action=shipnotify`), and nothing else."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from lxml import etree

from oms.channels.connection import Connection
from oms.core.jobs import GiveUp, TryLater
from orders.adapters.asking import Busy, basic, call
from orders.adapters.asking import Refused as Answered
from orders.adapters.writing import Declined, Dropped, GivenBack, MoneyBack, Sent, Stocked

WRITTEN = "%m/%d/%Y %H:%M"


class ShipStationWriter:
    """The format has no way to look up what a store was told: each store must know a shipment by
    its tracking number, as ShipStation itself repeats a notification whose answer was lost."""

    def tell_sent(self, connection: Connection, sent: Sent) -> Sequence[str]:
        query = {
            "action": "shipnotify",
            "order_number": sent.name or sent.order,
            "carrier": sent.carrier,
            "service": sent.service,
            "tracking_number": sent.tracking_number,
        }
        url = f"{connection.base_url}?{urlencode(query)}"
        try:
            call(
                "POST",
                url,
                headers={"Authorization": basic(connection), "Content-Type": "application/xml"},
                content=notice(sent),
            )
        except Busy as busy:
            raise TryLater(busy.seconds, str(busy)) from busy
        except Answered as refused:
            raise GiveUp(f"The store answered {refused}") from refused
        return []

    def tell_dropped(self, connection: Connection, dropped: Dropped) -> Sequence[tuple[str, str]]:
        return []

    def find_refund(self, connection: Connection, wanted: MoneyBack) -> GivenBack | None:
        return None

    def give_back(self, connection: Connection, wanted: MoneyBack) -> GivenBack:
        raise Declined("A custom store cannot be asked to give money back.")

    def set_stock(self, connection: Connection, levels: Sequence[Stocked]) -> Sequence[str]:
        return []


def notice(sent: Sent) -> bytes:
    """Return the notification as ShipStation posts it."""
    root = etree.Element("ShipNotice")

    def add(parent: etree._Element, name: str, value: str) -> None:
        etree.SubElement(parent, name).text = value

    at = datetime.fromisoformat(sent.shipped_at) if sent.shipped_at else datetime.now(UTC)
    add(root, "OrderID", sent.order)
    add(root, "OrderNumber", sent.name or sent.order)
    add(root, "NotifyCustomer", "false")
    add(root, "LabelCreateDate", at.astimezone(UTC).strftime(WRITTEN))
    add(root, "ShipDate", at.astimezone(UTC).strftime("%m/%d/%Y"))
    add(root, "Carrier", sent.carrier)
    add(root, "Service", sent.service)
    add(root, "TrackingNumber", sent.tracking_number)
    add(root, "CustomField1", sent.number)
    items = etree.SubElement(root, "Items")
    for line, units in sorted(sent.units.items()):
        item = etree.SubElement(items, "Item")
        add(item, "LineItemID", line)
        add(item, "Quantity", str(units))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written
