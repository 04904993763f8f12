"""Several processes tell the same, or reword the same letter: one notice, one version."""

from functools import partial

import pytest
from django.utils import timezone

from oms.core.actors import Actor
from oms.messaging.models import Notice, NoticeCopy, Wording
from oms.messaging.services import notify, reword_letter
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_notice_told_by_six_at_once_is_one_notice(world):
    world.user("fay", "finance")
    tell = partial(notify, key="refund:1", subject="Refund failed", role="finance")

    outcome = race([tell] * 6)

    assert outcome == [None] * 6
    assert Notice.objects.count() == 1
    assert NoticeCopy.objects.count() == 1


def test_of_four_who_reword_a_letter_at_once_one_is_heard_and_the_others_are_told():
    def write(number):
        return reword_letter(
            letter="order.confirmation",
            language="en",
            subject=f"Version of {number}",
            text="Hello",
            based_on=0,
            by=Actor("user", f"kim{number}"),
            at=timezone.now(),
        )

    outcome = race([partial(write, number) for number in range(4)])

    assert sorted(outcome, key=str) == [1, "WordingChanged", "WordingChanged", "WordingChanged"]
    assert Wording.objects.count() == 1
