"""Reads: what lies on a packing table, and which boxes it goes in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import OuterRef, Subquery

from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Package, PackageLine
from fulfillment.rules.boxes import BOXES, Box
from fulfillment.rules.cartons import Suggestion, inside_which, litres
from fulfillment.rules.weighing import Expected, expected
from fulfillment.selectors.carrying import suggestion_for
from fulfillment.selectors.rates import rate_book

AS_IT_IS = "\N{EN DASH}"
NO_SUGGESTION = Suggestion()


@dataclass(frozen=True)
class Suggested:
    """A box of the suggestion: how many units of which lines. `is_here` is the one that is open,
    `is_complete` when everything that belongs in it is."""

    nth: int
    box: Box | None
    contents: Sequence[tuple[int, FulfillmentOrderLine]]
    is_here: bool
    is_complete: bool


@dataclass(frozen=True)
class Table:
    """What a packer sees: the lines, the next one first, and the package that is open."""

    lines: Sequence[FulfillmentOrderLine]
    packages: int
    boxes: Sequence[Box] = BOXES
    suggestion: Suggestion = NO_SUGGESTION

    @property
    def packed(self) -> int:
        return sum(line.packed for line in self.lines)

    @property
    def picked(self) -> int:
        return sum(line.picked for line in self.lines)

    @property
    def left(self) -> int:
        return self.picked - self.packed

    @property
    def inside(self) -> int:
        """Units in the open package."""
        return sum(inside_of(line) for line in self.lines)

    @property
    def nth(self) -> int:
        """The number of the package that is open, or would be opened next."""
        return max(1, self.packages if self.inside else self.packages + 1)

    def expected(self, box: str) -> Expected | None:
        """What the open package should weigh in this box; None when a weight is unknown."""
        named = next((each for each in self.boxes if each.code == box), None)
        weights = [(line.sku.weight_g, inside_of(line)) for line in self.lines]
        return expected(weights, named.weight_g if named else None)

    @property
    def unweighed(self) -> list[str]:
        """Units in the open package whose weight nobody knows, by name."""
        return [
            line.order_line.name
            for line in self.lines
            if inside_of(line) and line.sku.weight_g is None
        ]

    @property
    def unmeasured(self) -> list[str]:
        """Units whose size nobody knows, by name."""
        keys = set(self.suggestion.unmeasured)
        return [line.order_line.name for line in self.lines if line.pk in keys]

    @cached_property
    def cartons(self) -> list[Suggested]:
        """The boxes of the suggestion, in turn."""
        best = self.suggestion.best
        if best is None:
            return []
        lines = {line.pk: line for line in self.lines}
        inside = {line.pk: inside_of(line) for line in self.lines if inside_of(line)}
        here = inside_which(best, inside)
        return [
            Suggested(
                self.nth + n,
                each.box,
                [(units, lines[key]) for key, units in each.contents.items()],
                is_here=n == here,
                is_complete=n == here and each.contents == inside,
            )
            for n, each in enumerate(best.cartons)
        ]

    @property
    def here(self) -> Suggested | None:
        """The box of the suggestion that the open package is."""
        return next((each for each in self.cartons if each.is_here), None)

    @property
    def box(self) -> Box | None:
        return self.here.box if self.here else None

    @property
    def next_boxes(self) -> str:
        """The next choice by its boxes: "L", "S + M"."""
        following = self.suggestion.next
        return " + ".join(each or AS_IT_IS for each in following.boxes) if following else ""

    @property
    def saved_litres(self) -> Decimal:
        return litres(self.suggestion.saved_volume)


def inside_of(line: FulfillmentOrderLine) -> int:
    """Units of a line of `packing_table` that are in the open package."""
    units: int | None = getattr(line, "inside", None)
    return units or 0


def packing_table(work: FulfillmentOrder, *, at: datetime) -> Table:
    """Return what is on the packing table. One query, beside boxes and rates, which are kept."""
    inside = PackageLine.objects.filter(line=OuterRef("pk"), package__is_closed=False)
    packages = Package.objects.filter(fulfillment_order=OuterRef("fulfillment_order"))
    lines = list(
        work.lines.filter(picked__gt=0)
        .select_related("sku", "order_line", "reservation__level")
        .annotate(
            inside=Subquery(inside.values("quantity")[:1]),
            packages=Subquery(packages.order_by("-nth").values("nth")[:1]),
        )
        .order_by("pk")
    )
    lines.sort(key=lambda line: (line.packed == line.picked, not line.packed, line.pk))
    packages_so_far = (getattr(lines[0], "packages", 0) or 0) if lines else 0
    book = rate_book()
    wanted: Mapping[FulfillmentOrderLine, int] = {
        line: units for line in lines if (units := inside_of(line) + line.picked - line.packed)
    }
    suggestion = suggestion_for(work, work.order, wanted, book=book, at=at)
    return Table(lines, packages_so_far, book.boxes, suggestion)
