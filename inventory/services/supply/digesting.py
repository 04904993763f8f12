from datetime import date

from django.db import IntegrityError, transaction

from oms.core.services import service
from oms.messaging import services as messaging
from oms.messaging.selectors import was_sent


@service
def tell_of_shortages(*, on: date) -> None:
    """Have who buys written what is out while orders wait for it: one letter a day.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    key = f"shortages:{on.isoformat()}"
    if was_sent(key):
        return
    try:
        with transaction.atomic():
            messaging.post(
                letter="inventory.letters.shortages_today",
                key=key,
                arguments={"on": on.isoformat()},
            )
    except IntegrityError:
        return  # another worker asked for it
