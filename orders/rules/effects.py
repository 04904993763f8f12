"""What something did to an order, or would do: measured by doing it, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class StockEffect:
    """Units that are spoken for at a location (more than 0), or free for others (less)."""

    location: str
    sku: str
    units: int

    @property
    def freed(self) -> int:
        return max(0, -self.units)


@dataclass(frozen=True)
class WorkEffect:
    """A fulfillment order and what becomes of it: new, reduced, ended, redirected, split.

    `units` are those that it gets (new, split) or that leave it (reduced, ended).
    """

    number: str
    location: str
    change: str
    units: int = 0


@dataclass(frozen=True)
class PutBack:
    """Picked units that go back to their shelf."""

    location: str
    sku: str
    quantity: int
    bin: str = ""


@dataclass(frozen=True)
class Effects:
    """Amounts are in `currency`; what is due is the total less what was cancelled.

    `refunded` goes back to the customer, `owed` is still to be paid afterwards. `backordered`
    are units that begin to wait, `cancelled` those that are called off.
    """

    currency: str
    status: str
    total_before: Decimal
    total_after: Decimal
    due_before: Decimal
    due_after: Decimal
    tax_before: Decimal
    tax_after: Decimal
    refunded: Decimal
    owed: Decimal
    cancelled: int
    backordered: dict[str, int]
    stock: tuple[StockEffect, ...]
    work: tuple[WorkEffect, ...]
    put_back: tuple[PutBack, ...]
    facts: tuple[str, ...]
    letters: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        """How much more is due than before; less than 0 when it is less."""
        return self.due_after - self.due_before

    @property
    def tax_difference(self) -> Decimal:
        return self.tax_after - self.tax_before

    @property
    def ends_order(self) -> bool:
        return self.status == "cancelled"

    @property
    def completes_order(self) -> bool:
        return self.status == "completed"

    def as_json(self) -> dict[str, Any]:
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Effects:
        values = dict(kept)
        for field in fields(cls):
            if field.type == "Decimal":
                values[field.name] = Decimal(values[field.name])
        return cls(
            **{
                **values,
                "stock": tuple(StockEffect(**each) for each in values["stock"]),
                "work": tuple(WorkEffect(**each) for each in values["work"]),
                "put_back": tuple(PutBack(**each) for each in values["put_back"]),
                "facts": tuple(values["facts"]),
                "letters": tuple(values["letters"]),
            }
        )
