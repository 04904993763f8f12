"""What a customer may find without signing in."""

from orders.models import Order


def order_for_customer(*, number: str, email: str) -> Order | None:
    """Return the order with this number and e-mail address, if both fit. One query.

    The number is ours or the channel's own; case and spaces around do not matter.
    """
    said = number.strip()
    address = email.strip().casefold()
    if not said or not address:
        return None
    orders = Order.objects.select_related("channel").exclude(email="")
    found = orders.filter(number=said.upper()) | orders.filter(external_id=said)
    fitting = [order for order in found.order_by("-id")[:20] if order.email.casefold() == address]
    return fitting[0] if fitting else None
