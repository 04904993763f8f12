"""Which documents of the demo are good examples: found by what they stand for, at any time."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Example:
    """A document, and the page that shows it to staff."""

    number: str
    path: str


Find = Callable[[], dict[str, Example]]


def examples() -> dict[str, Example]:
    """Return the demo's examples by what they stand for, such as `order.backordered`.

    What the demo has not prepared here is missing. People may have led a document further since.
    """
    found: dict[str, Example] = {}
    for path in settings.DEMO_EXAMPLES:
        find: Find = import_string(path)
        found |= find()
    return found
