"""Colleagues are told in their inbox: those it concerns, once."""

import pytest

from oms.core.actors import SYSTEM
from oms.messaging.models import Notice, NoticeCopy
from oms.messaging.services import notify


def told(user):
    copies = NoticeCopy.objects.filter(user=user).order_by("id")
    return [copy.notice.subject for copy in copies]


def test_those_who_hold_the_permission_are_told_once(world):
    fay, kim = world.user("fay", "finance"), world.user("kim", "support")

    for _ in range(2):
        notify(
            key="refund:RF-1",
            subject="Refund RF-1\nfailed",
            permission="orders.refund_order",
            url="/orders/SO-1/",
            thread="SO-1",
            level="urgent",
            by=SYSTEM,
        )

    assert told(fay) == ["Refund RF-1 failed"]
    assert told(kim) == []
    notice = Notice.objects.get()
    assert (notice.url, notice.thread, notice.level) == ("/orders/SO-1/", "SO-1", "urgent")
    assert (notice.audience, notice.by) == ("orders.refund_order", "system:oms")


def test_a_role_or_a_person_can_be_told(world):
    fay, kim = world.user("fay", "finance"), world.user("kim", "support")

    notify(key="1", subject="To a role", role="finance")
    notify(key="2", subject="To a person", user="kim")

    assert told(fay) == ["To a role"]
    assert told(kim) == ["To a person"]


def test_at_a_location_those_are_told_who_see_it(world):
    here = world.user("wim", "warehouse", at=["rotterdam"])
    there = world.user("lea", "warehouse", at=["leipzig"])
    all_over = world.user("olu", "operations")

    notify(
        key="1",
        subject="Tea is out",
        permission="fulfillment.pick_fulfillmentorder",
        location="rotterdam",
    )

    assert told(here) == ["Tea is out"]
    assert told(there) == []
    assert told(all_over) == ["Tea is out"]


def test_who_left_is_not_told_and_with_nobody_to_tell_nothing_is_written(world):
    gone = world.user("gus", "finance")
    gone.is_active = False
    gone.save()

    notify(key="1", subject="Hello", role="finance")

    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_notice_to_nobody_in_particular_is_a_mistake():
    with pytest.raises(ValueError, match="names a permission"):
        notify(key="1", subject="Hello")
