"""What WooCommerce sends: documents of its REST API, v3 and those before it, and webhooks."""

import re
from collections.abc import Collection, Sequence

from orders.adapters import proofs
from orders.adapters.documents import text
from orders.adapters.messages import Envelope, Message
from orders.adapters.parts import Reading
from orders.adapters.woocommerce import reading

SIGNATURE = "x-wc-webhook-signature"
PING = re.compile(rb"webhook_id=[0-9]{1,9}\s*\Z")


class WooCommerce:
    """A webhook that is made or switched on is tried out with a form that nobody signed: it is
    answered, for WooCommerce asks for that, and says nothing."""

    signature_headers: Collection[str] = (SIGNATURE,)

    def verify(self, message: Message, secrets: Sequence[str]) -> None:
        if not (_is_ping(message) and SIGNATURE not in message.headers):
            proofs.prove_body(message, secrets, header=SIGNATURE)

    def envelope(self, message: Message) -> Envelope:
        topic = text(message.headers.get("x-wc-webhook-topic"), 100)
        return Envelope(
            id=text(message.headers.get("x-wc-webhook-delivery-id"), 100),
            topic=topic or ("ping" if _is_ping(message) else ""),
        )

    def read(self, message: Message) -> Reading:
        if _is_ping(message):
            return Reading(ignored="WooCommerce tries out whether anybody answers here.")
        return reading.read(message.body, topic=self.envelope(message).topic)


def _is_ping(message: Message) -> bool:
    return PING.match(message.body) is not None
