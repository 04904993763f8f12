"""Who ordered, where it goes, and what people wrote."""

from collections.abc import Sequence
from typing import Any

from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.documents import Doc, amount, identity, inner, text
from orders.adapters.messages import Unreadable
from orders.adapters.places import country


def customer_of(document: Doc) -> CustomerDetails:
    said = inner(document.get("customer"))
    places = [inner(document.get(name)) for name in ("billing_address", "shipping_address")]
    email = next(
        filter(None, (text(document.get(n), 254) for n in ("email", "contact_email"))), ""
    ) or text(said.get("email"), 254)
    phones = [document.get("phone"), said.get("phone"), *(each.get("phone") for each in places)]
    names = filter(None, (_name(each) for each in (said, *places)))
    return CustomerDetails(
        name=next(names, "") or email or text(document.get("name"), 100),
        external_id=identity(said.get("id")),
        email=email,
        phone=next(filter(None, (text(each, 40) for each in phones)), ""),
        language=_language(document.get("customer_locale")),
    )


def _language(said: Any) -> str:
    words = text(said, 16).replace("_", "-").split("-")
    if not (len(words[0]) == 2 and words[0].isalpha() and words[0].isascii()):
        return "en"
    land = words[-1]
    is_land = len(words) > 1 and len(land) == 2 and land.isalpha() and land.isascii()
    return f"{words[0].lower()}-{land.upper()}" if is_land else words[0].lower()


def _name(said: Doc) -> str:
    both = " ".join(filter(None, (text(said.get("first_name")), text(said.get("last_name")))))
    return (both or text(said.get("name")))[:200]


def address_of(said: Any) -> Address | None:
    if not isinstance(said, dict) or not any(
        text(said.get(name)) for name in ("address1", "city", "zip", "country", "country_code")
    ):
        return None
    return Address(
        name=text(said.get("name")) or _name(said) or text(said.get("company")),
        line1=text(said.get("address1")),
        line2=text(said.get("address2")),
        city=text(said.get("city"), 100),
        region=text(said.get("province_code"), 100) or text(said.get("province"), 100),
        postal_code=text(said.get("zip"), 20),
        country=country(text(said.get("country_code")) or text(said.get("country"))),
        company=text(said.get("company")),
        phone=text(said.get("phone"), 40),
        latitude=_degrees(said.get("latitude"), 90),
        longitude=_degrees(said.get("longitude"), 180),
    )


def _degrees(said: Any, most: int) -> float | None:
    try:
        found = amount(said, "latitude")
    except Unreadable:
        return None
    return float(found) if found is not None and abs(found) <= most else None


def said_on(line: Doc) -> dict[str, str]:
    """Return what the customer wrote on a line; names that begin with _ are for programs."""
    properties = line.get("properties")
    if isinstance(properties, dict):
        properties = [{"name": name, "value": value} for name, value in properties.items()]
    if not isinstance(properties, list):
        return {}
    return pairs(properties)


def pairs(properties: Sequence[Any]) -> dict[str, str]:
    found = {}
    for each in properties[:50]:
        name = text(inner(each).get("name"), 100)
        value = text(inner(each).get("value"), 1_000, lines=True)
        if name and value and not name.startswith("_"):
            found[name] = value
    return found
