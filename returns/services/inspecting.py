from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import inventory.services as inventory
from inventory.states import MovementKind, StockState
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.services import batch_service
from returns.errors import NothingChosen, NotInReturn, TooManyInspected
from returns.events import ReturnInspected
from returns.models import Inspection, ReturnAuthorization, ReturnLine
from returns.services.documents import by_sku, changed, lines_of, locked_return
from returns.states import RETURN, Disposition

LIES_AS = {
    Disposition.RESTOCK: StockState.AVAILABLE,
    Disposition.REFURBISH: StockState.QUALITY_CONTROL,
    Disposition.QUARANTINE: StockState.QUARANTINE,
}
"""How units lie on the books by what becomes of them; the others do not."""


def lies_as(disposition: str) -> StockState | None:
    return LIES_AS.get(Disposition(disposition))


@dataclass(frozen=True)
class Grade:
    """What state some units came back in, and what becomes of them."""

    sku: str
    quantity: int
    condition: str
    disposition: str


@batch_service
def inspect_return(
    *,
    number: str,
    grades: Sequence[Grade],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> ReturnAuthorization:
    """Grade units that were received; those to restock go on the shelf, and to who waits.

    Units to refurbish and those in quarantine come on the books held. Units without a grade are
    graded first. What is named beyond them is graded anew, the newest other grade first: units
    leave the state they came to lie in, unless someone was promised them or moved them meanwhile.

    Raises: ReturnNotFound, ReturnChanged, TransitionNotAllowed, NothingChosen, NotInReturn,
        TooManyInspected, StockIsSpokenFor, NotInBin, Busy.
    Locks: Order, StockLevel.
    Publishes: ReturnInspected, StockReceived.
    """
    order, document = locked_return(number, expected_version)
    inspected = RETURN.after("inspect", document.status)
    if not grades:
        raise NothingChosen
    lines = lines_of(document)
    work = _Grading(document, lines, by, at)
    for grade in grades:
        work.give(grade)
    work.write()

    complete = not any(line.ungraded for line in lines)
    if complete:
        document.status = inspected
        document.inspected_at = at
    changed(document, "status", "inspected_at")
    publish(
        ReturnInspected(
            thread=order.number,
            subject=number,
            by=by,
            at=at,
            grades=[
                {
                    "sku": each.sku,
                    "quantity": each.quantity,
                    "condition": each.condition,
                    "disposition": each.disposition,
                }
                for each in grades
            ],
            complete=complete,
        )
    )
    work.move_stock()
    return document


class _Grading:
    """Grades of one call, spread over the lines of their SKU."""

    def __init__(
        self, document: ReturnAuthorization, lines: Sequence[ReturnLine], by: Actor, at: datetime
    ) -> None:
        self.document, self.by, self.at = document, by, at
        self.lines = by_sku(lines)
        self.kept: dict[int, list[Inspection]] = {line.pk: [] for line in lines}
        for each in Inspection.objects.filter(line__in=lines).order_by("-id"):
            self.kept[each.line_id].append(each)
        self.new: list[tuple[ReturnLine, Inspection]] = []
        self.leaving = Counter[tuple[str, StockState]]()

    def give(self, grade: Grade) -> None:
        lines = self.lines.get(grade.sku)
        if lines is None:
            raise NotInReturn(number=self.document.number, sku=grade.sku)
        left = grade.quantity
        for line in lines:
            if units := min(left, line.ungraded):
                line.inspected += units
                left -= units
                self._add(line, grade, units, units)
        for line in lines:
            left -= self._regrade(line, grade, left)
        if left:
            raise TooManyInspected(
                number=self.document.number,
                sku=grade.sku,
                requested=grade.quantity,
                received=sum(line.received for line in lines),
            )

    def _regrade(self, line: ReturnLine, grade: Grade, wanted: int) -> int:
        """Withdraw grades that differ, and count those that do not as given again."""
        old = [each for each in self.kept[line.pk] if each.standing]
        differs = [each for each in old if not _same(each, grade)]
        done = 0
        for each in differs:
            units = min(wanted - done, each.standing)
            if not units:
                break
            each.withdrawn += units
            lies, comes = lies_as(each.disposition), lies_as(grade.disposition)
            if lies and lies != comes:
                self.leaving[grade.sku, lies] += units
            self._add(line, grade, units, 0 if lies == comes else units)
            done += units
        same = sum(each.standing for each in old if _same(each, grade))
        return done + min(wanted - done, same)

    def _add(self, line: ReturnLine, grade: Grade, units: int, arriving: int) -> None:
        self.new.append(
            (
                line,
                Inspection(
                    line=line,
                    quantity=units,
                    restocked=arriving if lies_as(grade.disposition) else 0,
                    condition=grade.condition,
                    disposition=grade.disposition,
                    inspected_by=str(self.by),
                    inspected_at=self.at,
                ),
            )
        )

    def write(self) -> None:
        for line in {line.pk: line for line, _ in self.new}.values():
            line.save(update_fields=["inspected"])
        for old in self.kept.values():
            for each in old:
                each.save(update_fields=["withdrawn"])
        record(*(row for _, row in self.new))

    def move_stock(self) -> None:
        """Put on the books what stays, in the state it lies in, and take off what lies there no
        more."""
        inventory.receive(
            arrivals=[
                inventory.Arrival(
                    sku=line.order_line.stock,
                    location=self.document.location,
                    quantity=row.restocked,
                    state=LIES_AS[Disposition(row.disposition)],
                    source_id=row.pk,
                )
                for line, row in self.new
                if row.restocked
            ],
            reference=self.document.number,
            by=self.by,
            at=self.at,
            kind=MovementKind.RESTOCK,
            reason="Returned",
        )
        for (sku, state), units in sorted(self.leaving.items()):
            inventory.adjust(
                location=self.document.location.code,
                sku=sku,
                quantity_delta=-units,
                state=state,
                reason=f"{self.document.number} graded anew",
                by=self.by,
                at=self.at,
            )


def _same(row: Inspection, grade: Grade) -> bool:
    return (row.condition, row.disposition) == (grade.condition, grade.disposition)
