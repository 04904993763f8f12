"""What staff read in the story of a company's document: every fact of ours has its words."""

import dataclasses

import pytest
from django.utils import timezone

from b2b import events
from oms.core.events import Event
from oms.core.models import EventRecord
from orders.timeline import TELLINGS, entries

pytestmark = pytest.mark.django_db

OURS = [
    each for each in vars(events).values() if isinstance(each, type) and issubclass(each, Event)
]
SAMPLES = {"str": "7", "int": 7, "bool": False, "dict[str, int]": {"tea": 2}, "list[str]": ["a"]}


@pytest.mark.parametrize(
    "kind", [each for each in OURS if each is not Event], ids=lambda kind: kind.name
)
def test_every_fact_is_told_in_words_of_its_own(kind):
    named = {
        each.name: SAMPLES[getattr(each.type, "__name__", str(each.type))]
        for each in dataclasses.fields(kind)
        if each.name not in {"thread", "subject", "by", "at"}
        and getattr(each.type, "__name__", str(each.type)) in SAMPLES
    }
    payload = {
        each.name: {"tea": 2} if "dict" in str(each.type) else ["a"]
        for each in dataclasses.fields(kind)
        if "dict" in str(each.type) or "list" in str(each.type)
    }
    record = EventRecord(
        name=kind.name,
        thread="X-1",
        subject="X-1",
        actor="user:rita",
        payload={**named, **payload, "currency": "EUR"},
        happened_at=timezone.now(),
    )

    [entry] = entries([record], [])

    assert kind.name in TELLINGS
    assert entry.title != kind.name.replace(".", " ").replace("_", " ").capitalize()
    assert "{" not in entry.title
