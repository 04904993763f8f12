"""Every fact of an order has words for staff."""

import pytest

from fulfillment import services as fulfillment
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from orders.timeline import TELLINGS, entries
from tests.architecture.test_reactions import EVENTS

ELSEWHERE = {"stock.received", "job.retried", "job.skipped", "replay.listed"}
ELSEWHERE |= {"letter.reworded", "letter.switched", "team_chat.changed"}
ELSEWHERE |= {"stock.low", "stock.out", *(name for name in EVENTS if name.startswith("alert."))}
ELSEWHERE |= {name for name in EVENTS if name.startswith("webhook_endpoint.")}


@pytest.mark.parametrize("name", sorted(EVENTS.keys() - ELSEWHERE))
def test_a_fact_has_words(name):
    assert name in TELLINGS


def test_the_story_names_places_as_people_do(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=1)
    [work] = world.works(order)
    fulfillment.release_work(number=work.number, by=SYSTEM, at=order.created_at)

    story = [
        (each.title, each.detail)
        for each in entries(EventRecord.objects.filter(thread=order.number).order_by("id"), [])
    ]

    assert (f"{work.number} released to the floor", "the system, Rotterdam") in story
    assert (f"Routed: {work.number} Rotterdam") in [title for title, _ in story]
