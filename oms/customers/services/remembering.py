from dataclasses import dataclass
from datetime import datetime

from oms.core import sql
from oms.core.batch import record
from oms.core.services import service
from oms.customers.models import Customer


@dataclass(frozen=True)
class CustomerDetails:
    """What a channel says of a customer. Empty strings are things it did not say."""

    name: str
    external_id: str = ""
    email: str = ""
    phone: str = ""
    language: str = "en"


@service
def remember(*, origin: str, said: CustomerDetails, stand_in: str, at: datetime) -> int:
    """Return the id of the customer whom `origin` describes, new or known, brought up to date.

    A guest is known by e-mail, one without by `stand_in`. Written only when something differs;
    what was left unsaid stays as it was.
    """
    key = said.external_id or (f"email:{said.email.casefold()}" if said.email else stand_in)
    rows = sql.run(
        "SELECT id, name, email, phone, language FROM customers_customer "
        "WHERE external_id = %s AND origin = %s",
        [key, origin],
    )
    if not rows:
        customer = Customer(
            origin=origin,
            external_id=key,
            name=said.name,
            email=said.email,
            phone=said.phone,
            language=said.language,
            created_at=at,
        )
        record(customer)
        return int(customer.pk)
    [(pk, *known)] = rows
    wanted = [said.name, said.email or known[1], said.phone or known[2], said.language]
    if wanted != known:
        Customer.objects.filter(pk=pk).update(
            name=wanted[0], email=wanted[1], phone=wanted[2], language=wanted[3]
        )
    return int(pk)
