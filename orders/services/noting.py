from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.events import OrderLinkRevoked, OrderNoted
from orders.services.progressing import lock_order


@service
def add_note(*, number: str, text: str, by: Actor) -> None:
    """Put down what colleagues should know of an order, in its story.

    Raises: OrderNotFound.
    Locks: Order.
    Publishes: OrderNoted.
    """
    lock_order(number=number)
    publish(OrderNoted(thread=number, subject=number, by=by, text=text))


@service
def revoke_status_link(*, number: str, by: Actor) -> None:
    """Close every link to the customer's page that was given out; the next letter has a new one.

    Raises: OrderNotFound.
    Locks: Order.
    Publishes: OrderLinkRevoked.
    """
    order = lock_order(number=number)
    order.link_revision += 1
    order.save(update_fields=["link_revision"])
    publish(OrderLinkRevoked(thread=number, subject=number, by=by))
