from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from inventory.errors import CommittedInThePast, NotOnReplenishment, TooManyCommitted
from inventory.events import ReplenishmentCommitted
from inventory.models import Commitment, ReplenishmentLine, ReplenishmentOrder
from inventory.services.supply.documents import lines_of, locked_replenishment, restate
from inventory.states import REPLENISHMENT, ReplenishmentStatus
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.services import service


@dataclass(frozen=True)
class Part:
    """Units that come by a day."""

    quantity: int
    expected_on: date


@dataclass(frozen=True)
class Answer:
    """What a supplier says of one line: what comes when, and whether the rest comes at all."""

    sku: str
    parts: Sequence[Part] = ()
    is_declined: bool = False
    note: str = ""


@service
def commit_replenishment(
    *,
    number: str,
    answers: Sequence[Answer],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> ReplenishmentOrder:
    """Take the supplier's word for lines of an order, in place of what it said of them before.

    It may be given anew until everything has come. Customers who wait for these units see the days
    at once: they are worked out from it.

    Raises: ReplenishmentNotFound, ReplenishmentChanged, TransitionNotAllowed, NotOnReplenishment,
        TooManyCommitted, CommittedInThePast.
    Locks: ReplenishmentOrder.
    Publishes: ReplenishmentCommitted.
    """
    order = locked_replenishment(number, expected_version)
    begun = order.status == ReplenishmentStatus.PART_RECEIVED
    order.status = REPLENISHMENT.after("recommit" if begun else "acknowledge", order.status)
    lines = {line.sku.code: line for line in lines_of(order)}
    for answer in answers:
        _check(order, lines, answer, at.date())

    answered = [lines[answer.sku] for answer in answers]
    Commitment.objects.filter(line__in=answered, withdrawn_at=None).update(withdrawn_at=at)
    for answer, line in zip(answers, answered, strict=True):
        line.is_declined, line.answer_note, line.answered_at = answer.is_declined, answer.note, at
    ReplenishmentLine.objects.bulk_update(answered, ["is_declined", "answer_note", "answered_at"])
    record(
        *(
            Commitment(
                line=lines[answer.sku],
                quantity=part.quantity,
                expected_on=part.expected_on,
                committed_by=str(by),
                committed_at=at,
            )
            for answer in answers
            for part in answer.parts
        )
    )
    order.answered_at = at
    restate(order, "status", "answered_at")
    publish(
        ReplenishmentCommitted(
            thread=number,
            subject=number,
            by=by,
            at=at,
            supplier=order.supplier.code,
            location=order.location.code,
            answers=[_told(answer) for answer in answers],
        )
    )
    return order


def _check(
    order: ReplenishmentOrder, lines: dict[str, ReplenishmentLine], answer: Answer, today: date
) -> None:
    line = lines.get(answer.sku)
    if line is None:
        raise NotOnReplenishment(number=order.number, sku=answer.sku)
    committed = sum(part.quantity for part in answer.parts)
    if committed > line.missing:
        raise TooManyCommitted(sku=answer.sku, committed=committed, expected=line.missing)
    for part in answer.parts:
        if part.expected_on < today:
            raise CommittedInThePast(sku=answer.sku, expected_on=part.expected_on)


def _told(answer: Answer) -> dict[str, Any]:
    return {
        "sku": answer.sku,
        "parts": [
            {"quantity": part.quantity, "expected_on": part.expected_on.isoformat()}
            for part in answer.parts
        ],
        "is_declined": answer.is_declined,
        "note": answer.note,
    }
