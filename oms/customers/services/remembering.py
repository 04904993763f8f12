from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from oms.core import sql
from oms.core.batch import Batch, ahead, current, record
from oms.core.rows import new
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
    key = key_of(said=said, stand_in=stand_in)
    known: _Known | None = ahead(CUSTOMERS)
    if known is not None:
        return known.remember(origin, key, said, at)
    rows = sql.run(
        "SELECT id, name, email, phone, language FROM customers_customer "
        "WHERE external_id = %s AND origin = %s",
        [key, origin],
    )
    if not rows:
        customer = _new(origin, key, said, at)
        record(customer)
        return int(customer.pk)
    [(pk, *stands)] = rows
    wanted = _now(said, stands)
    if wanted != stands:
        Customer.objects.filter(pk=pk).update(
            name=wanted[0],
            email=wanted[1],
            phone=wanted[2],
            language=wanted[3],
            matched_at=None,
        )
    return int(pk)


CUSTOMERS = "customers"
FIND = """
SELECT external_id, id, name, email, phone, language FROM customers_customer
WHERE external_id = ANY(%s) AND origin = %s
"""
_COLUMNS = ("id", "external_id", "name", "email", "phone", "language", "created_at")
WRITE_NEW = """
INSERT INTO customers_customer
    (id, external_id, name, email, phone, language, created_at, origin)
SELECT n.*, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::timestamptz[]) AS n
ON CONFLICT (external_id, origin) DO NOTHING
RETURNING id
"""


def key_of(*, said: CustomerDetails, stand_in: str) -> str:
    """Return what a customer is known by."""
    return said.external_id or (f"email:{said.email.casefold()}" if said.email else stand_in)


def _now(said: CustomerDetails, known: list[str]) -> list[str]:
    return [said.name, said.email or known[1], said.phone or known[2], said.language]


def _new(origin: str, key: str, said: CustomerDetails, at: datetime) -> Customer:
    return new(
        Customer,
        origin=origin,
        external_id=key,
        name=said.name,
        email=said.email,
        phone=said.phone,
        language=said.language,
        created_at=at,
    )


def read_customers_ahead(*, origin: str, keys: Iterable[str]) -> None:
    """Read the customers with these keys for the rest of the open batch. One query.

    What is said of them is written at its end, by one more.
    """
    batch = current()
    assert batch is not None  # noqa: S101 (asked for by who opened it)
    rows = sql.run(FIND, [sorted(set(keys)), origin])
    known = _Known(origin, {key: (pk, known) for key, pk, *known in rows}, batch)
    batch.ahead[CUSTOMERS] = known
    batch.open_with(known.write_new)
    batch.close_with(_write, [])


class _Known:
    """Customers as they will stand when the batch is written."""

    def __init__(self, origin: str, found: dict[str, tuple[int, list[str]]], batch: Batch) -> None:
        self._origin = origin
        self._found = found
        self._new: dict[str, Customer] = {}
        self._batch = batch

    def remember(self, origin: str, key: str, said: CustomerDetails, at: datetime) -> int:
        if key not in self._found:
            customer = _new(origin, key, said, at)
            customer.pk = self._batch.ids.take()
            self._new[key] = customer
            self._set(key, int(customer.pk), _now(said, ["", said.email, said.phone, ""]))
            return int(customer.pk)
        pk, known = self._found[key]
        wanted = _now(said, known)
        if wanted != known:
            self._set(key, pk, wanted)
            if (row := self._new.get(key)) and row._state.adding:
                row.name, row.email, row.phone, row.language = wanted
            else:
                self._batch.close_with(_write, [(pk, *wanted)])
        return pk

    def write_new(self) -> None:
        """Write those that are new; whom another request wrote meanwhile are theirs, and ours.

        Nobody's order is placed again for it: what waits refers to the customer who is there.
        """
        rows = sorted(
            (row for row in self._new.values() if row._state.adding),
            key=lambda row: row.external_id,
        )
        if not rows:
            return
        columns = [[getattr(row, name) for row in rows] for name in _COLUMNS]
        written = {pk for (pk,) in sql.run(WRITE_NEW, [self._origin, *columns])}
        for row in rows:
            row._state.adding = False
        rivals = {row.external_id: row for row in rows if row.pk not in written}
        if not rivals:
            return
        pks = {}
        for key, pk, *known in sql.run(FIND, [list(rivals), self._origin]):
            row = rivals[key]
            pks[row.pk] = pk
            wanted = [row.name, row.email or known[1], row.phone or known[2], row.language]
            self._found[key] = pk, wanted
            if wanted != known:
                self._batch.close_with(_write, [(pk, *wanted)])
        self._batch.rename(Customer, pks)

    def _set(self, key: str, pk: int, now: list[str]) -> None:
        before = self._found.get(key)
        self._found[key] = pk, now

        def back() -> None:
            if before is None:
                del self._found[key], self._new[key]
                return
            self._found[key] = before
            if row := self._new.get(key):
                row.name, row.email, row.phone, row.language = before[1]

        self._batch.moved(back)


def _write(changed: list[tuple[int, str, str, str, str]]) -> None:
    """Write what is said of known customers now: the last word on each counts."""
    if not changed:
        return
    last = sorted({each[0]: each for each in changed}.values())
    sql.run(
        "UPDATE customers_customer c SET name = n.name, email = n.email, phone = n.phone, "
        "language = n.language, matched_at = NULL "
        "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) "
        "AS n(id, name, email, phone, language) WHERE c.id = n.id",
        [list(column) for column in zip(*last, strict=True)],
    )
