from typing import Any

from oms.core.jobs import enqueue
from oms.core.services import service

MAIL, SMS, CHAT = "mail", "sms", "chat"


@service
def post(*, letter: str, key: str, arguments: dict[str, Any]) -> None:
    """Ask for a letter to be written and sent, once for `key`, when this transaction is through.

    `letter` is the dotted path of a function that writes it from `arguments`; it is called when
    the letter goes, so that it tells the truth of that moment. Costs one row.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    enqueue(MAIL, key=key, payload={"letter": letter, "arguments": arguments})
