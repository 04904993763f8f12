"""Returns of the demo that are good examples."""

from django.urls import reverse

from oms.core.demo_examples import Example
from orders.demo_examples import orders_by_fate
from returns.demo import WHY
from returns.models import ReturnAuthorization


def examples() -> dict[str, Example]:
    """Return `return.return_requested`, `return.return_received` and so on, by the order's fate."""
    fates = {fate: number for fate, number in orders_by_fate().items() if fate in WHY}
    known = dict(
        ReturnAuthorization.objects.filter(order__number__in=fates.values())
        .order_by("-id")
        .values_list("order__number", "number")
    )
    return {
        f"return.{fate.removeprefix('return_')}": Example(
            known[number], reverse("returns:detail", args=[known[number]])
        )
        for fate, number in fates.items()
        if number in known
    }
