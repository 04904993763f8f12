from collections.abc import Sequence
from typing import Any

from oms.core.api.parsing import strict_json
from orders.adapters import proofs
from orders.adapters.messages import Envelope, Message, Unreadable
from orders.adapters.native.reading import read_document
from orders.adapters.parts import Reading


class Native:
    """An order as POST /orders/ takes it, or an event that carries one."""

    signature_headers = (proofs.SIGNATURE,)

    def verify(self, message: Message, secrets: Sequence[str]) -> None:
        """Prove a message as Standard Webhooks says.

        Raises: NotTheirs, Stale.
        """
        proofs.prove_webhook(message, secrets)

    def envelope(self, message: Message) -> Envelope:
        try:
            said = strict_json(message.body)
        except ValueError:
            said = None
        topic = said.get("type") if isinstance(said, dict) and "data" in said else "order"
        return Envelope(
            id=message.headers.get(proofs.ID, ""),
            topic=topic if isinstance(topic, str) else "",
        )

    def read(self, message: Message) -> Reading:
        """Read an order, or an event about one.

        Raises: Unreadable.
        """
        try:
            said: Any = strict_json(message.body)
        except ValueError as error:
            raise Unreadable(str(error)) from error
        if not isinstance(said, dict):
            raise Unreadable("The body is not a JSON object.")
        return read_document(said)
