"""What a return leaves in the books."""

from orders.models import OrderLine
from tests.fakes.gateway import gateway as gateway


def counters(order):
    return list(
        OrderLine.objects.filter(order=order)
        .order_by("position")
        .values_list("return_requested", "returned")
    )
