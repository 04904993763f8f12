"""What an app contributes to the home page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Card:
    """One card of the home page: its template and what that needs.

    `column` is `kpi` for a figure in the top row, `main` for work, `aside` for what is watched.
    Lower `order` stands first in its column.
    """

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100
    column: Literal["kpi", "main", "aside"] = "main"
