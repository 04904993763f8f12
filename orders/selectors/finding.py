"""Finding orders by what people know of them. Flat at a million orders: every way has an index."""

from django.db.models import QuerySet
from django.urls import reverse

from oms.core import sql
from oms.core.models import User
from oms.core.shell import Found
from orders.models import Order
from orders.selectors.listing import orders_of

MOST_FOUND = 1_000
MOST_CUSTOMERS = 300
SHORTEST_NAME = 3

FOUND = """
    (SELECT id FROM orders_order WHERE number LIKE %s LIMIT %s)
    UNION
    (SELECT id FROM orders_order WHERE external_id = %s LIMIT %s)
    UNION
    (SELECT o.id
       FROM (SELECT id FROM customers_customer WHERE email = ANY(%s)
             UNION
             (SELECT id FROM customers_customer
               WHERE %s AND lower(name) LIKE %s LIMIT %s)
             UNION
             (SELECT id FROM customers_customer
               WHERE %s AND lower(split_part(name, ' ', -1)) LIKE %s
                 AND lower(name) LIKE %s LIMIT %s)) c
       JOIN orders_order o ON o.customer_id = c.id
      LIMIT %s)
"""


def matching(orders: QuerySet[Order], search: str) -> QuerySet[Order]:
    """Narrow to what `search` names: the number or how it begins, the channel's own number, the
    e-mail address, or how the customer's name or its last word begins. One query, a thousand
    orders at most.
    """
    return orders.filter(pk__in=_keys(search, MOST_FOUND)) if search else orders


def _keys(search: str, most: int) -> list[int]:
    exact = search.strip()
    number = exact.upper() if exact.upper().startswith("SO-") else f"SO-{exact}"
    name, last = exact.lower(), exact.lower().rpartition(" ")[2]
    rows = sql.run(
        FOUND,
        [
            f"{_literal(number)}%",
            most,
            exact,
            most,
            sorted({exact, exact.lower()}),
            len(exact) >= SHORTEST_NAME,
            f"{_literal(name)}%",
            MOST_CUSTOMERS,
            len(last) >= SHORTEST_NAME,
            f"{_literal(last)}%",
            f"% {_literal(name)}%",
            MOST_CUSTOMERS,
            most,
        ],
    )
    return [pk for (pk,) in rows]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def find(query: str, user: User) -> list[Found]:
    """Return the newest orders that `query` names, for those who may see orders. Two queries."""
    if not user.has_perm("orders.view_order"):
        return []
    keys = _keys(query, 50)
    orders = orders_of(user).filter(pk__in=keys).order_by("-placed_at", "-id")[:8] if keys else []
    return [
        Found(
            label=order.number,
            detail=f"{order.customer_name}, {order.get_status_display().lower()}",
            url=reverse("orders:detail", args=[order.number]),
            icon="i-receipt",
        )
        for order in orders
    ]
