"""Orders that are collected at Ghent, and the counter there."""

from django.utils import timezone

from fulfillment import services
from fulfillment.models import Pickup
from tests.fulfillment.steps import (
    KIM,
    only_work_of,
    packed,
)

AT_GHENT = {"shipping": {"method": "pickup", "pickup_location": "ghent"}}


def collected(world, units=2, **fields):
    """Work that the customer collects at Ghent, packed."""
    world.stock("tea", rotterdam=9, ghent=9)
    work = only_work_of(world.place(tea=units, fields={**AT_GHENT, **fields}))
    packed(work)
    return work


def hand_over(work, **said):
    return services.hand_over(number=work.number, by=KIM, at=timezone.now(), **said)


def code_of(work):
    return Pickup.objects.get(fulfillment_order=work).code
