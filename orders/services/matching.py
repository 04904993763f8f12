"""Looking for customers of several channels who are one person."""

from datetime import datetime

from oms.channels.models import Channel
from oms.core import sql
from oms.core.actors import SYSTEM
from oms.core.services import service
from oms.customers.models import Customer, CustomerMatch
from oms.customers.rules import EMAIL, evidence
from oms.customers.services import dismiss_match, merge_customers
from oms.customers.services.merging import NOT_TOLD
from oms.customers.states import MatchState
from orders.selectors.people import known_of

SLICE = 100
MOST_ALIKE = 20

ALIKE = """
SELECT f.id, c.id FROM customers_customer f
CROSS JOIN LATERAL (
    (SELECT id, same_as_id FROM customers_customer
      WHERE f.email <> '' AND email <> '' AND lower(email) = lower(f.email) AND id <> f.id
      ORDER BY id DESC LIMIT %s)
    UNION
    (SELECT id, same_as_id FROM customers_customer
      WHERE length(regexp_replace(f.phone, '\\D', '', 'g')) >= 8 AND phone <> ''
        AND "right"(regexp_replace(phone, '\\D', '', 'g'), 9)
          = "right"(regexp_replace(f.phone, '\\D', '', 'g'), 9) AND id <> f.id
      ORDER BY id DESC LIMIT %s)
    UNION
    (SELECT id, same_as_id FROM customers_customer
      WHERE lower(name) = lower(f.name) AND id <> f.id
      ORDER BY id DESC LIMIT %s)
) c
WHERE f.id = ANY(%s) AND coalesce(c.same_as_id, c.id) <> coalesce(f.same_as_id, f.id)
"""


@service
def match_customers(*, at: datetime, most: int = SLICE) -> bool:
    """Compare the customers who are new or changed with those who are like them, and propose who
    may be one person; return whether there may be more.

    A pair that somebody settled is not proposed again. Two at once each take others.

    Raises: nothing.
    Locks: Customer.
    Publishes: nothing.
    """
    fresh = [
        pk
        for (pk,) in sql.run(
            "SELECT id FROM customers_customer WHERE matched_at IS NULL "
            "ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            [most],
        )
    ]
    if not fresh:
        return False
    pairs = {
        (min(one, other), max(one, other))
        for one, other in sql.run(ALIKE, [MOST_ALIKE, MOST_ALIKE, MOST_ALIKE, fresh])
    }
    rows = Customer.objects.in_bulk({key for pair in pairs for key in pair})
    known = known_of(list(rows.values()))
    Customer.objects.filter(pk__in=fresh).update(matched_at=at)
    CustomerMatch.objects.bulk_create(
        [
            CustomerMatch(first_id=low, second_id=high, evidence=found, found_at=at)
            for low, high in sorted(pairs)
            if (found := evidence(known[low], known[high]))
        ],
        ignore_conflicts=True,
    )
    return len(fresh) == most


def proven_matches(*, most: int = SLICE) -> list[CustomerMatch]:
    """Return open pairs with one e-mail address that both their channels have proven. One query,
    and one for the channels."""
    proven = list(Channel.objects.filter(verifies_emails=True).values_list("slug", flat=True))
    if not proven:
        return []
    rows = CustomerMatch.objects.filter(state=MatchState.OPEN, evidence__contains=[EMAIL])
    rows = rows.filter(first__origin__in=proven, second__origin__in=proven)
    return list(rows.order_by("id")[:most])


def join_proven(*, match: CustomerMatch, at: datetime) -> None:
    """Have the customers of such a pair be one person; where they cannot be, ask no more.

    Raises: nothing.
    """
    keys = {"first": match.first_id, "second": match.second_id}
    try:
        merge_customers(
            kept=match.first_id,
            other=match.second_id,
            evidence=match.evidence,
            by=SYSTEM,
            at=at,
        )
    except NOT_TOLD:
        dismiss_match(**keys, by=SYSTEM, at=at)
