"""A file of orders is brought in by two workers, of which one is killed again and again.

Whoever dies, and wherever: in the end every order of the file has come once, with all its lines,
and the books are right.
"""

import multiprocessing
import os
import random
import signal
import time

import pytest
from django.db import connections
from django.db.models import Count

from oms.channels.models import FileImport
from oms.core import books, jobs
from oms.core.models import Job
from orders.models import Order
from tests.importing import look

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]

ORDERS, KILLS = 4_000, 8
PATIENCE = 300
processes = multiprocessing.get_context("fork")


def work():
    connections.close_all()
    while True:
        jobs.drain("file")
        time.sleep(0.01)


def hire():
    connections.close_all()
    hand = processes.Process(target=work, daemon=True)
    hand.start()
    return hand


def test_every_order_of_a_file_comes_once_whoever_dies(world, monkeypatch):
    monkeypatch.setattr("orders.imports.Orders.at_once", 50)
    world.channel("shop")
    world.stock("tea", rotterdam=9 * ORDERS)
    world.stock("cup", rotterdam=9 * ORDERS)
    lead = world.browser(world.user("otto", role="operations"))
    rows = [f"A-{n},2026-11-18T10:00:00Z,EUR,Ada,NL,{{}},1,4.50" for n in range(ORDERS)]
    lines = [row.format("tea") for row in rows] + [row.format("cup") for row in rows]
    header = "external_id,placed_at,currency,name,country,sku,quantity,unit_price"
    text = "\n".join([header, *lines])
    number = look(lead, "orders", text, channel="shop").context["file"].number
    lead.post(f"/files/imports/{number}/bring-in/")
    dice = random.Random(7)
    hands, killed, end = [hire(), hire()], 0, time.monotonic() + PATIENCE

    while FileImport.objects.get().state != "done":
        assert time.monotonic() < end, FileImport.objects.values()
        time.sleep(dice.uniform(0.05, 0.6))
        if killed < KILLS:
            slot = killed % 2
            os.kill(hands[slot].pid, signal.SIGKILL)
            hands[slot].join()
            Job.objects.filter(kind="file").update(lease_until=None, due_at=jobs.AT_ONCE)
            hands[slot] = hire()
            killed += 1
    for hand in hands:
        hand.kill()
        hand.join()

    file = FileImport.objects.get()
    assert killed == KILLS
    assert (file.done, file.bad, file.counts) == (2 * ORDERS, 0, {"added": ORDERS})
    assert Order.objects.count() == ORDERS
    assert not Order.objects.annotate(n=Count("lines")).exclude(n=2).exists()
    assert books.verify() == []
