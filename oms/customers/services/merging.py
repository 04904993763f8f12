"""Customers of several channels who are one person: said, and taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.events import publish
from oms.core.locking import lock, lock_one
from oms.core.numbers import gapless_number
from oms.core.services import service
from oms.customers.errors import (
    CustomerNotFound,
    MergeBuiltUpon,
    MergeNotFound,
    MergeUndone,
    SamePersonAlready,
    StandsForACompany,
)
from oms.customers.events import CustomersMerged, CustomersMergeUndone
from oms.customers.models import Customer, CustomerMatch, CustomerMerge
from oms.customers.states import MatchState


@service
def merge_customers(
    *, kept: int, other: int, evidence: Sequence[str] = (), by: Actor, at: datetime
) -> CustomerMerge:
    """Say that two customers are one person, for whom `kept` stands from now on.

    Orders stay with the customer they were placed by and keep their copies; only who stands for
    whom is changed. What a company is known by is never merged.

    Raises: CustomerNotFound, SamePersonAlready, StandsForACompany.
    Locks: Customer, NumberSeries.
    Publishes: CustomersMerged.
    """
    asked = Customer.objects.filter(pk__in=[kept, other]).values_list("pk", "same_as")
    roots = {pk: same_as or pk for pk, same_as in asked}
    for pk in (kept, other):
        if pk not in roots:
            raise CustomerNotFound(customer=f"CU-{pk}")
    wanted = Q(pk__in=roots.values()) | Q(same_as__in=roots.values())
    rows = {row.pk: row for row in lock(Customer.objects.filter(wanted))}
    stands = {pk: rows[pk].same_as_id or pk for pk in (kept, other)}
    into, leaving = stands[kept], stands[other]
    if into == leaving:
        raise SamePersonAlready(customer=f"CU-{kept}", other=f"CU-{other}")
    for path in settings.NEVER_MERGED:
        for pk in sorted(import_string(path)(list(rows))):
            raise StandsForACompany(customer=f"CU-{pk}")

    moving = [row for row in rows.values() if leaving in (row.pk, row.same_as_id)]
    merge = CustomerMerge.objects.create(
        number=gapless_number("CM"),
        kept_id=into,
        moved={str(row.pk): row.same_as_id for row in moving},
        evidence=list(evidence),
        merged_at=at,
        merged_by=str(by),
    )
    Customer.objects.filter(pk__in=[row.pk for row in moving]).update(same_as=into)
    _settle(list(rows), MatchState.OPEN, MatchState.MERGED, by, at)
    publish(
        CustomersMerged(
            thread=merge.number,
            subject=merge.number,
            by=by,
            at=at,
            kept=f"CU-{into}",
            others=[f"CU-{row.pk}" for row in moving],
            evidence=list(evidence),
        )
    )
    return merge


@service
def undo_merge(*, number: str, by: Actor, at: datetime) -> CustomerMerge:
    """Take a merge back: each customer is stood for by whom it was before, exactly.

    Raises: MergeNotFound, MergeUndone, MergeBuiltUpon.
    Locks: Customer, CustomerMerge.
    Publishes: CustomersMergeUndone.
    """
    found = CustomerMerge.objects.filter(number=number).first()
    if found is None:
        raise MergeNotFound(merge=number)
    keys = [int(pk) for pk in found.moved]
    rows = lock(Customer.objects.filter(Q(pk__in=keys) | Q(pk=found.kept_id)))
    merge = lock_one(
        CustomerMerge.objects.filter(number=number), missing=MergeNotFound(merge=number)
    )
    if merge.undone_at:
        raise MergeUndone(merge=number)
    stands = {row.pk: row.same_as_id for row in rows}
    if stands.get(merge.kept_id) is not None or any(stands[pk] != merge.kept_id for pk in keys):
        later = CustomerMerge.objects.filter(id__gt=merge.pk, undone_at=None).filter(
            Q(moved__has_key=str(merge.kept_id)) | Q(moved__has_any_keys=[str(pk) for pk in keys])
        )
        last = later.order_by("-id").first()
        raise MergeBuiltUpon(merge=number, later=last.number if last else "another")
    for before in sorted({value for value in merge.moved.values() if value is not None}):
        back = [int(pk) for pk, value in merge.moved.items() if value == before]
        Customer.objects.filter(pk__in=back).update(same_as=before)
    alone = [int(pk) for pk, value in merge.moved.items() if value is None]
    Customer.objects.filter(pk__in=alone).update(same_as=None)
    merge.undone_at, merge.undone_by = at, str(by)
    merge.save(update_fields=["undone_at", "undone_by"])
    _settle(keys, MatchState.MERGED, MatchState.DISMISSED, by, at, beyond=keys)
    publish(
        CustomersMergeUndone(
            thread=number,
            subject=number,
            by=by,
            at=at,
            kept=f"CU-{merge.kept_id}",
            others=[f"CU-{pk}" for pk in keys],
        )
    )
    return merge


@service
def dismiss_match(*, first: int, second: int, by: Actor, at: datetime) -> None:
    """Say that two customers, and all who are one with them, are two people: they are not proposed
    again.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    one, other = _one_with(first), _one_with(second)
    pairs = Q(first__in=one, second__in=other) | Q(first__in=other, second__in=one)
    CustomerMatch.objects.filter(pairs, state=MatchState.OPEN).update(
        state=MatchState.DISMISSED, settled_at=at, settled_by=str(by)
    )


def _one_with(key: int) -> list[int]:
    """The customers who are one with this one, it included."""
    root = Customer.objects.filter(pk=key).values_list("same_as", flat=True).first() or key
    same = Customer.objects.filter(Q(pk=root) | Q(same_as=root))
    return list(same.values_list("pk", flat=True))


def _settle(
    keys: Sequence[int],
    before: MatchState,
    after: MatchState,
    by: Actor,
    at: datetime,
    *,
    beyond: Sequence[int] = (),
) -> None:
    """Put pairs among `keys` (of which one may lie beyond) from one state to the other."""
    pairs = Q(first__in=keys, second__in=keys)
    if beyond:
        pairs = Q(first__in=keys) ^ Q(second__in=keys)
    CustomerMatch.objects.filter(pairs, state=before).update(
        state=after, settled_at=at, settled_by=str(by)
    )


NOT_TOLD: tuple[type[Refusal], ...] = (SamePersonAlready, StandsForACompany)
"""Refusals that mean that there is nothing to do, where nobody asked."""
