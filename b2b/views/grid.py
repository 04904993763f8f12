"""The entry grid as a page holds it: its rows, what was pasted, and the draft it is kept in."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils import timezone

from b2b import entry
from b2b.models import Company
from b2b.rules.pasting import Pasted
from b2b.services import LineWish

LONGEST_PASTE = 200_000


@dataclass
class Grid:
    """Rows that are written for a company; `number` and `version` are those of the draft."""

    company: Company
    number: str = ""
    version: str = ""
    rows: list[entry.Row] = field(default_factory=list)
    pasted: Pasted | None = None
    before: str = ""
    refusal: str = ""
    saved: bool = False

    @property
    def written(self) -> list[entry.Row]:
        return [row for row in self.rows if not row.is_blank]

    @property
    def wishes(self) -> list[LineWish]:
        return [
            LineWish(
                sku=row.code or row.sku,
                quantity=row.units or 1,
                unit_price=row.named_price,
                requested_on=row.requested_on,
            )
            for row in self.written
        ]

    @property
    def has_errors(self) -> bool:
        return any(row.errors for row in self.rows)

    def take(self, request: HttpRequest, step: str) -> None:
        """Bring what was pasted or uploaded into the rows, or take it out again."""
        text = ""
        if step == "paste":
            text = request.POST.get("pasted", "")
        elif step == "upload" and (sent := request.FILES.get("file")):
            text = sent.read(LONGEST_PASTE).decode("utf-8-sig", errors="replace")
        elif step == "undo":
            self.rows = entry.from_text(request.POST.get("before", ""))
        if text.strip():
            self.before = entry.kept_text(self.rows)
            self.rows, self.pasted = entry.with_pasted(self.rows, text[:LONGEST_PASTE])

    def look_up(self) -> None:
        """Find SKU, price and stock for every row."""
        self.rows = entry.checked(self.rows, self.company, timezone.localdate())
