"""What Shopify sends: documents of its Admin REST API and its webhooks, of any version since 2018.

Webhooks carry the same documents as the API, without the wrapper that names them (`order`).
"""

from collections.abc import Collection, Sequence

from orders.adapters import proofs
from orders.adapters.documents import text
from orders.adapters.messages import Envelope, Message
from orders.adapters.parts import Reading
from orders.adapters.shopify import reading

SIGNATURE = "x-shopify-hmac-sha256"


class Shopify:
    """`X-Shopify-Webhook-Id` names a webhook through all its repeats. `X-Shopify-Event-Id` does
    not do: one event of a shop sends several webhooks under it, each about something else."""

    signature_headers: Collection[str] = (SIGNATURE,)

    def verify(self, message: Message, secrets: Sequence[str]) -> None:
        proofs.prove_body(message, secrets, header=SIGNATURE)

    def envelope(self, message: Message) -> Envelope:
        return Envelope(
            id=text(message.headers.get("x-shopify-webhook-id"), 100),
            topic=text(message.headers.get("x-shopify-topic"), 100),
        )

    def read(self, message: Message) -> Reading:
        return reading.read(message.body, topic=self.envelope(message).topic)
