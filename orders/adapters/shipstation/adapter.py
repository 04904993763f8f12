from collections.abc import Sequence

from orders.adapters import proofs
from orders.adapters.messages import Envelope, Message, Unreadable
from orders.adapters.parts import Reading
from orders.adapters.shipstation import xml
from orders.adapters.shipstation.orders import read


class ShipStation:
    """Orders in the custom store format, posted to us or fetched from the store.

    The format knows no signature: who posts proves itself by HTTP Basic, with the channel's secret
    for a password.
    """

    signature_headers = ("authorization",)

    def verify(self, message: Message, secrets: Sequence[str]) -> None:
        """Prove a message by name and password.

        Raises: NotTheirs.
        """
        proofs.prove_basic(message, secrets)

    def envelope(self, message: Message) -> Envelope:
        try:
            return Envelope(topic=xml.name_of(xml.parsed(message.body))[:100])
        except Unreadable:
            return Envelope()

    def read(self, message: Message) -> Reading:
        """Read one order or many.

        Raises: Unreadable.
        """
        root = xml.parsed(message.body)
        kind = xml.name_of(root)
        if kind == "Order":
            return Reading((read(root),))
        if kind != "Orders":
            raise Unreadable(f"Its root is {kind[:40]!r}, not Orders.")
        found = tuple(read(each) for each in xml.each(root, "Order"))
        return Reading(found, ignored="There are no orders in it.")
