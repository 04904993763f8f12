"""Reads: the people behind orders, whichever channel knows them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from oms.core import sql
from oms.customers.addresses import Address
from oms.customers.models import Customer
from oms.customers.rules import PHONE_DIGITS, Known
from orders.models import Order

SHORTEST = 3
MOST_FOUND = 300

SEARCH = """
SELECT DISTINCT coalesce(same_as_id, id) FROM (
    (SELECT id, same_as_id FROM customers_customer
      WHERE email <> '' AND lower(email) = %s LIMIT %s)
    UNION ALL
    (SELECT id, same_as_id FROM customers_customer WHERE %s AND lower(name) LIKE %s LIMIT %s)
    UNION ALL
    (SELECT id, same_as_id FROM customers_customer
      WHERE %s AND lower(split_part(name, ' ', -1)) LIKE %s LIMIT %s)
    UNION ALL
    (SELECT id, same_as_id FROM customers_customer
      WHERE %s AND phone <> '' AND "right"(regexp_replace(phone, '\\D', '', 'g'), 9) = %s LIMIT %s)
) found
"""

FIGURES = """
SELECT c.id,
       (SELECT count(*) FROM (
           SELECT 1 FROM orders_order o WHERE o.customer_id = ANY(c.keys) LIMIT 1000) t),
       (SELECT max(placed_at) FROM (
           SELECT (SELECT o.placed_at FROM orders_order o WHERE o.customer_id = k.key
                    ORDER BY o.placed_at DESC, o.id DESC LIMIT 1) AS placed_at
             FROM unnest(c.keys) AS k(key)) t),
       array_length(c.keys, 1)
FROM (SELECT p.id, array_prepend(p.id, array(
          SELECT s.id FROM customers_customer s WHERE s.same_as_id = p.id ORDER BY s.id)) AS keys
        FROM customers_customer p WHERE p.id = ANY(%s)) c
"""

PLACES = """
SELECT DISTINCT ON (k.key, o.ship_to ->> 'postal_code', lower(o.ship_to ->> 'line1'))
       k.key, o.ship_to ->> 'name', o.ship_to ->> 'line1', o.ship_to ->> 'line2',
       o.ship_to ->> 'postal_code', o.ship_to ->> 'city', o.ship_to ->> 'country'
FROM unnest(%s::bigint[]) AS k(key)
CROSS JOIN LATERAL (
    SELECT ship_to FROM orders_order WHERE customer_id = k.key
    ORDER BY placed_at DESC, id DESC LIMIT 20) o
"""


@dataclass(frozen=True)
class PersonRow:
    """A person in the list; `orders` are counted to a thousand, `known_as` is how many customers
    they are."""

    customer: Customer
    orders: int
    last_at: datetime | None
    known_as: int


@dataclass(frozen=True)
class Total:
    """What a person ordered in one currency; what was called off is left out."""

    currency: str
    orders: int
    amount: Decimal
    refunded: Decimal


def people(search: str = "") -> QuerySet[Customer]:
    """Return those who stand for people, whom `search` names where it is said: an e-mail address,
    a telephone number, or how a name or its last word begins. Three hundred found at most."""
    rows = Customer.objects.filter(same_as=None)
    said = search.strip().lower()
    if not said:
        return rows
    name = re.sub(r"([\\%_])", r"\\\1", said)
    digits = re.sub(r"\D", "", said, flags=re.ASCII)
    is_name = len(said) >= SHORTEST
    found = sql.run(
        SEARCH,
        [
            *(said, MOST_FOUND),
            *(is_name, f"{name}%", MOST_FOUND),
            *(is_name, f"{name}%", MOST_FOUND),
            *(len(digits) >= PHONE_DIGITS - 1, digits[-PHONE_DIGITS:], MOST_FOUND),
        ],
    )
    return rows.filter(pk__in=[pk for (pk,) in found])


def person_rows(customers: Sequence[Customer]) -> list[PersonRow]:
    """Return these people with their figures, in their order. One query."""
    by_id = {each.pk: each for each in customers}
    found = {pk: PersonRow(by_id[pk], *figures) for pk, *figures in sql.run(FIGURES, [list(by_id)])}
    return [found[each.pk] for each in customers]


def orders_of_person(keys: Sequence[int]) -> QuerySet[Order]:
    """Return the orders of a person, on every channel."""
    return Order.objects.filter(customer__in=keys).select_related("channel")


def totals_of_person(keys: Sequence[int]) -> list[Total]:
    """Return what a person ordered, by currency. One query."""
    rows = sql.run(
        "SELECT currency, count(*), sum(total_amount - cancelled_amount), sum(refunded_amount) "
        "FROM orders_order WHERE customer_id = ANY(%s) AND status <> 'draft' "
        "GROUP BY currency ORDER BY currency",
        [list(keys)],
    )
    return [Total(*row) for row in rows]


def places_of(keys: Sequence[int]) -> dict[int, list[Address]]:
    """Return where the last twenty orders of each customer went, each place once. One query."""
    found: dict[int, list[Address]] = {key: [] for key in keys}
    for key, name, line1, line2, postal_code, city, country in sql.run(PLACES, [list(keys)]):
        found[key].append(
            Address(
                name=name or "",
                line1=line1 or "",
                line2=line2 or "",
                postal_code=postal_code or "",
                city=city or "",
                country=country or "",
            )
        )
    return found


def known_of(customers: Sequence[Customer]) -> dict[int, Known]:
    """Return what is known of customers, to compare them by. One query."""
    places = places_of([each.pk for each in customers])
    return {
        each.pk: Known(
            each.name,
            each.email,
            each.phone,
            (*places[each.pk], *([each.address] if each.address else [])),
        )
        for each in customers
    }
