"""Papers are made by two workers, of which one is killed again and again.

Whoever dies, and wherever: in the end every part of the run is there once, with all its slips.
"""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone

from fulfillment import services
from fulfillment.models import PrintPart, PrintRun
from fulfillment.services import printing
from fulfillment.states import PaperKind
from oms.core import jobs, pdf
from oms.core.actors import SYSTEM
from oms.core.models import Job
from oms.core.pdf import Together
from tests.fulfillment.waving import placed, warehouse

pytestmark = pytest.mark.django_db(transaction=True)
processes = multiprocessing.get_context("fork")
PATIENCE = 120


def work():
    connections.close_all()
    while True:
        jobs.drain("paper")
        time.sleep(0.01)


def hire():
    connections.close_all()
    hand = processes.Process(target=work)
    hand.start()
    return hand


def killed_again_and_again(kills, longest):
    """Have two hands at it, kill one after another, and come back when the run is over."""
    dice = random.Random(11)
    hands, killed, end = [hire(), hire()], 0, time.monotonic() + PATIENCE
    while PrintRun.objects.get().state != "done":
        assert time.monotonic() < end, PrintRun.objects.values()
        time.sleep(dice.uniform(0.02, longest))
        if killed < kills:
            slot = killed % 2
            os.kill(hands[slot].pid, signal.SIGKILL)
            hands[slot].join()
            Job.objects.filter(kind="paper").update(lease_until=None, due_at=jobs.AT_ONCE)
            hands[slot] = hire()
            killed += 1
    for hand in hands:
        hand.kill()
        hand.join()
    return killed


def asked(world, count):
    warehouse(world, units=9 * count)
    numbers = [placed(world, tea=1) for _ in range(count)]
    services.request_paper(
        kind=PaperKind.SLIPS, location="rotterdam", numbers=numbers, by=SYSTEM, at=timezone.now()
    )
    return numbers


def files():
    """What lies in the store of papers."""
    month = timezone.now().strftime("papers/%Y/%m")
    return sorted(f"{month}/{name}" for name in default_storage.listdir(month)[1])


def kept():
    """What the parts say: their files, and how often each slip is in one."""
    rows = PrintPart.objects.all()
    slips = Counter(number for row in rows for number in row.documents)
    return sorted(row.file.name for row in rows), slips


def test_every_part_is_made_once_whoever_dies(world, monkeypatch):
    def render_together(parts, *, stylesheets=(), together=(), seconds=0):
        for part in parts:
            time.sleep(0.08)
            yield Together("\n".join(part).encode(), {})

    monkeypatch.setattr(pdf, "render_together", render_together)
    monkeypatch.setattr(printing, "DOCUMENTS_OF_A_PART", 1)
    numbers = asked(world, 14)

    assert killed_again_and_again(6, 0.2) >= 4

    names, slips = kept()
    assert slips == Counter(numbers)
    assert files() == names
    assert (PrintRun.objects.get().done, Job.objects.filter(kind="paper").count()) == (14, 0)
    for part in PrintPart.objects.all():
        assert part.documents[0] in default_storage.open(part.file.name).read().decode()


@pytest.mark.full
def test_five_hundred_slips_are_drawn_once_whoever_dies(world):
    numbers = asked(world, 500)

    assert killed_again_and_again(5, 6.0) >= 3

    names, slips = kept()
    assert slips == Counter(numbers)
    assert files() == names
    for part in PrintPart.objects.all():
        drawn = default_storage.open(part.file.name).read()
        assert drawn.startswith(b"%PDF")
        assert drawn.count(b"/Type /Page\n") + drawn.count(b"/Type /Page ") in {0, 50}
