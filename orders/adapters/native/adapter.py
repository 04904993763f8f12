import hmac
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from oms.core.api.parsing import strict_json
from oms.messaging.rules import signing
from orders.adapters.messages import Envelope, Message, NotTheirs, Stale, Unreadable
from orders.adapters.native.reading import read_document
from orders.adapters.parts import Reading

TOLERANCE = timedelta(minutes=5)
MOST_SIGNATURES = 10


class Native:
    """An order as POST /orders/ takes it, or an event that carries one."""

    signature_headers = ("webhook-signature",)

    def verify(self, message: Message, secrets: Sequence[str]) -> None:
        """Prove a message as Standard Webhooks says.

        Raises: NotTheirs, Stale.
        """
        message_id = message.headers.get("webhook-id", "")
        timestamp = message.headers.get("webhook-timestamp", "")
        given = message.headers.get("webhook-signature", "").split()
        if not given:
            raise NotTheirs("It carries no webhook-signature header.")
        if not message_id or not timestamp.isascii() or not timestamp.isdigit():
            raise NotTheirs("It lacks webhook-id or webhook-timestamp.")
        wanted = [
            signing.signature(
                secret, message_id=message_id, timestamp=timestamp, body=message.body
            ).encode()
            for secret in _keys(secrets)
        ]
        proven = [
            hmac.compare_digest(each.encode(), one)
            for each in given[:MOST_SIGNATURES]
            for one in wanted
        ]
        if not any(proven):
            raise NotTheirs("None of its signatures is made with this channel's secret.")
        if not _is_near(timestamp, message.received_at):
            raise Stale("It was signed more than five minutes from now.")

    def envelope(self, message: Message) -> Envelope:
        try:
            said = strict_json(message.body)
        except ValueError:
            said = None
        topic = said.get("type") if isinstance(said, dict) and "data" in said else "order"
        return Envelope(
            id=message.headers.get("webhook-id", ""),
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


def _keys(secrets: Sequence[str]) -> Iterator[bytes]:
    """A secret as Standard Webhooks writes it, and as it stands where it is no base64 of that."""
    for secret in secrets:
        yield secret.encode()
        try:
            yield signing.read_secret(secret)
        except ValueError:
            continue


def _is_near(timestamp: str, now: datetime) -> bool:
    try:
        signed_at = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        return False
    return abs(now - signed_at) <= TOLERANCE
