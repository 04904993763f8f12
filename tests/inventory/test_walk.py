"""Whatever happens to stock, in whatever order: it is what plain dictionaries say it is."""

import itertools
import os
import random
from collections import Counter
from datetime import date

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from inventory import services as inventory
from inventory.errors import (
    CorrectedSince,
    CountedUnitsArePromised,
    InsufficientStock,
    NotInBin,
    RecountByAnother,
    StockIsSpokenFor,
    TooManyReceived,
)
from inventory.invariants import INVARIANTS
from inventory.models import Quant, StockCount, StockLevel, Transfer, TransferLine
from inventory.states import OPEN_TRANSFER
from oms.core.actors import SYSTEM, Actor
from oms.core.books import verify
from orders import services as orders
from orders.models import OrderLine
from tests.inventory.shadow import HELD, Counted, Sent, Shadow

PLACES = ("rotterdam", "leipzig")
BINS = ("A-1", "A-2", "B-1")
LOTS = {"": None, "spring": "2031-05-01", "autumn": "2031-10-01"}
STOCK = [each.name for each in INVARIANTS]
MOST_ORDERS = 25
"""When more are open, the walk turns to serving them."""
KIM, LEE = Actor("user", "kim"), Actor("user", "lee")
WHY_NOT = {each.__name__: each for each in (CorrectedSince, CountedUnitsArePromised, NotInBin)}


class Walk:
    """The real books and their shadow, changed side by side."""

    def __init__(self, world, seed):
        self.world, self.dice = world, random.Random(seed)
        self.shadow = Shadow(LOTS)
        self.works = {}
        self.last_work = 0
        self.keys = itertools.count(1)
        world.sku("tea")
        for place in PLACES:
            world.location(place)

    def step(self):
        acts = [self.receive, self.pick, self.pick, self.ship, self.cancel]
        if len(self.shadow.orders) < MOST_ORDERS:
            acts += [self.order, self.order, self.adjust, self.move, self.hold, self.free]
            acts += [self.scrap, self.transfer, self.request, self.send, self.take_in, self.close]
            acts += [self.count, self.look, self.finish]
        self.dice.choice(acts)()

    def named(self, **more):
        return {"by": SYSTEM, "at": timezone.now(), **more}

    def receive(self):
        place, units = self.dice.choice(PLACES), self.dice.randint(1, 9)
        bin, lot = self.dice.choice(BINS), self.dice.choice(list(LOTS))
        expires_on = LOTS[lot] and date.fromisoformat(LOTS[lot])
        arrival = inventory.Arrival(
            self.world.sku("tea"), self.world.location(place), units, bin, lot, expires_on
        )
        inventory.receive(arrivals=[arrival], reference="walk", **self.named())
        self.shadow.put(place, units, bin, lot)
        self.know_works()

    def order(self):
        place, units = self.dice.choice(PLACES), self.dice.randint(1, 6)
        fields = {"shipping": {"method": "pickup", "pickup_location": place}}
        order = self.world.place(tea=units, fields=fields)
        self.shadow.order(order.number, place, units)
        self.know_works()

    def know_works(self):
        """Each claim of the shadow is the work that the order got with it."""
        new = FulfillmentOrder.objects.filter(pk__gt=self.last_work).select_related("order")
        for work in new.order_by("pk"):
            self.works.setdefault(work.order.number, []).append(work.number)
            self.last_work = work.pk

    def some_work(self, *statuses):
        found = list(
            FulfillmentOrder.objects.filter(status__in=statuses)
            .select_related("order")
            .order_by("pk")
        )
        if not found:
            return None, None, None
        work = self.dice.choice(found)
        return work, work.order.number, self.works[work.order.number].index(work.number)

    def pick(self):
        work, number, nth = self.some_work("open", "released")
        if work is None:
            return
        missing = self.dice.choice([0, 0, 0, 1])
        if missing >= work.units:
            missing = 0
        counted = [fulfillment.Counted("tea", work.units - missing)] if missing else None
        fulfillment.pick(
            number=work.number, lines=counted, reason="missing" if missing else "", **self.named()
        )
        self.shadow.pick(number, nth, missing)

    def ship(self):
        work, number, nth = self.some_work("picked")
        if work is None:
            return
        fulfillment.pack(number=work.number, **self.named())
        fulfillment.hand_over(number=work.number, proof="passport", **self.named())
        self.shadow.ship(number, nth)

    def cancel(self):
        begun = FulfillmentOrder.objects.filter(
            order__number__in=self.shadow.orders, status__in=["packed", "shipped", "delivered"]
        )
        touched = set(begun.values_list("order__number", flat=True))
        untouched = [number for number in self.shadow.orders if number not in touched]
        if not untouched:
            return
        number = self.dice.choice(untouched)
        orders.cancel_order(number=number, reason="", by=SYSTEM)
        self.shadow.cancel(number)

    def adjust(self):
        place, delta = self.dice.choice(PLACES), self.dice.choice([-3, -1, 1, 2])
        bin = self.dice.choice([*BINS, ""])
        enough = self.shadow.free(place) >= -delta
        said = {"location": place, "sku": "tea", "quantity_delta": delta, "bin": bin}
        if delta > 0:
            inventory.adjust(**said, reason="walk", **self.named())
            self.shadow.correct(place, [(bin, "")])
            self.shadow.put(place, delta, bin, "")
            self.know_works()
        elif not enough:
            with pytest.raises(StockIsSpokenFor):
                inventory.adjust(**said, reason="walk", **self.named())
        elif (taken := self.shadow.choose(place, -delta, bin=bin or None)).total() == -delta:
            inventory.adjust(**said, reason="walk", **self.named())
            self.shadow.correct(place, taken)
        else:
            with pytest.raises(NotInBin):
                inventory.adjust(**said, reason="walk", **self.named())

    def transfer(self):
        source, target = self.dice.sample(PLACES, 2)
        units = self.dice.randint(1, 4)
        said = {"from_location": source, "to_location": target, "sku": "tea", "quantity": units}
        if self.shadow.free(source) < units:
            with pytest.raises(StockIsSpokenFor):
                inventory.transfer(**said, reason="walk", **self.named())
            return
        inventory.transfer(**said, reason="walk", **self.named())
        self.shadow.choose(source, units)
        self.shadow.put(target, units, "", "")
        self.know_works()

    def request(self):
        source, target = self.dice.sample(PLACES, 2)
        units, key = self.dice.randint(1, 6), f"request-{next(self.keys)}"
        said = {"source": source, "target": target, "lines": [inventory.Wanted("tea", units)]}
        if self.shadow.free(source) < units:
            with pytest.raises(InsufficientStock):
                inventory.request_transfer(**said, key=key, **self.named())
            return
        number = inventory.request_transfer(**said, key=key, **self.named()).number
        self.shadow.transfers[number] = Sent(source, target, units)

    def some_transfer(self, *statuses):
        found = [
            (number, sent)
            for number, sent in self.shadow.transfers.items()
            if sent.status in statuses
        ]
        return self.dice.choice(found) if found else (None, None)

    def send(self):
        number, sent = self.some_transfer("requested", "shipped", "part_received")
        if sent is None or not sent.to_ship:
            return
        units = self.dice.randint(1, sent.to_ship)
        key, loads = f"send-{next(self.keys)}", [inventory.Load("tea", units)]
        for _ in range(2):  # the same form twice is one
            inventory.ship_transfer(number=number, key=key, loads=loads, **self.named())
        self.shadow.send(number, units)

    def take_in(self):
        number, sent = self.some_transfer("shipped", "part_received")
        if sent is None:
            return
        way = sent.way.total()
        good = self.dice.randint(0, way)
        damaged, over = self.dice.randint(0, way - good), self.dice.choice([0, 0, 0, 2])
        if over:
            good, damaged = way, 0
        if not good + damaged + over:
            return
        counts = [inventory.Came("tea", good + over, damaged)]
        said = {"number": number, "counts": counts, "key": f"came-{next(self.keys)}"}
        if over:
            with pytest.raises(TooManyReceived):
                inventory.receive_transfer(**said, **self.named())
        inventory.receive_transfer(**said, keep_over=bool(over), **self.named())
        self.shadow.arrive(number, good, damaged, over)
        self.know_works()

    def close(self):
        number, sent = self.some_transfer("requested", "shipped", "part_received")
        if sent is None:
            return
        if sent.status == "requested":
            inventory.cancel_transfer(number=number, reason="walk", **self.named())
            self.shadow.end(number, "cancelled")
        else:
            inventory.close_transfer(number=number, reason="walk", **self.named())
            self.shadow.end(number, "closed")

    def count(self):
        """Ask for a count of one bin, where none is being counted."""
        place, bin = self.dice.choice(PLACES), self.dice.choice(BINS)
        if any((each.place, each.bin) == (place, bin) for each in self.shadow.counts.values()):
            return
        if not any(each == bin for each, _ in self.shadow.at(place)):
            return
        count = inventory.request_count(location=place, bins=[bin], **self.named())
        self.shadow.counts[count.number] = Counted(place, bin)

    def some_count(self, *, looked_at):
        found = [
            (number, count)
            for number, count in self.shadow.counts.items()
            if bool(count.lines and not count.recounting) == looked_at
        ]
        return self.dice.choice(found) if found else (None, None)

    def look(self):
        """Count what lies there, now and then wrongly."""
        number, count = self.some_count(looked_at=False)
        if count is None:
            return
        lying = self.shadow.at(count.place)
        found = {lot: units for (bin, lot), units in lying.items() if bin == count.bin}
        if count.recounting:
            found = {lot: found.get(lot, 0) for lot in count.recounting}
        if self.dice.random() < 0.6:
            lot = self.dice.choice(sorted(count.recounting or LOTS))
            found[lot] = max(0, found.get(lot, 0) + self.dice.choice([-2, -1, 1, 3]))
        said = {
            "number": number,
            "bin": count.bin,
            "found": [inventory.Found("tea", units, lot) for lot, units in found.items()],
            "is_done": True,
            "at": timezone.now(),
        }
        if count.recounting:
            with pytest.raises(RecountByAnother):
                inventory.record_count(**said, by=(LEE, KIM)[count.times % 2])
        inventory.record_count(**said, by=(KIM, LEE)[count.times % 2])
        self.shadow.look(number, found)

    def finish(self):
        """Hand a count in: it approves itself, is approved, counted again, or called off."""
        number, count = self.some_count(looked_at=True)
        if count is None:
            return
        is_new = StockCount.objects.get(number=number).status == "counting"
        if is_new:
            inventory.finish_count(number=number, **self.named())
        if not count.differences():
            del self.shadow.counts[number]
            return
        what = self.dice.choice(["approve", "approve", "recount", "cancel"])
        if what == "recount" and not count.times:
            inventory.ask_recount(number=number, **self.named())
            count.recounting, count.times = set(count.differences()), 1
        elif what == "cancel":
            inventory.cancel_count(number=number, reason="walk", **self.named())
            del self.shadow.counts[number]
        elif why := self.shadow.enter(number):
            with pytest.raises(WHY_NOT[why]):
                inventory.approve_count(number=number, **self.named())
        else:
            inventory.approve_count(number=number, **self.named())
            self.know_works()

    def some_quant(self, state="available"):
        place = self.dice.choice(PLACES)
        lying = [(key, units) for key, units in self.shadow.at(place, state).items() if units]
        if not lying:
            return None, None, None, 0
        (bin, lot), units = self.dice.choice(sorted(lying))
        return place, bin, lot, self.dice.randint(1, units)

    def move(self):
        place, bin, lot, units = self.some_quant()
        if place is None or not (to := self.dice.choice([each for each in BINS if each != bin])):
            return
        named = {"location": place, "sku": "tea", "quantity": units, "lot": lot}
        inventory.move_units(**named, from_bin=bin, to_bin=to, **self.named())
        self.shadow.choose(place, units, bin=bin, lot=lot)
        self.shadow.at(place)[to, lot] += units

    def hold(self):
        place, bin, lot, units = self.some_quant()
        if place is None:
            return
        state = self.dice.choice(HELD)
        named = {"location": place, "sku": "tea", "quantity": units, "bin": bin, "lot": lot}
        said = {**named, "state": state, "reason": "walk", **self.named()}
        if self.shadow.free(place) < units:
            with pytest.raises(StockIsSpokenFor):
                inventory.hold_units(**said)
            return
        inventory.hold_units(**said)
        self.shadow.choose(place, units, bin=bin, lot=lot)
        self.shadow.put(place, units, bin, lot, state)

    def free(self):
        state = self.dice.choice(HELD)
        place, bin, lot, units = self.some_quant(state)
        if place is None:
            return
        named = {"location": place, "sku": "tea", "quantity": units, "bin": bin, "lot": lot}
        inventory.free_units(**named, state=state, reason="walk", **self.named())
        self.shadow.choose(place, units, state, bin=bin, lot=lot)
        self.shadow.put(place, units, bin, lot)
        self.know_works()

    def scrap(self):
        state = self.dice.choice(["available", *HELD])
        place, bin, lot, units = self.some_quant(state)
        if place is None:
            return
        named = {"location": place, "sku": "tea", "quantity": units, "bin": bin, "lot": lot}
        said = {**named, "state": state, "reason": "walk", **self.named()}
        if state == "available" and self.shadow.free(place) < units:
            with pytest.raises(StockIsSpokenFor):
                inventory.scrap_units(**said)
            return
        inventory.scrap_units(**said)
        self.shadow.choose(place, units, state, bin=bin, lot=lot)

    def compare(self):
        levels = {
            level.location.code: (level.on_hand, level.reserved, level.held)
            for level in StockLevel.objects.select_related("location")
        }
        shadow = self.shadow
        assert {at: figures for at, figures in levels.items() if any(figures)} == {
            at: figures
            for at in PLACES
            if any(figures := (shadow.on_hand(at), shadow.reserved(at), shadow.held(at)))
        }
        lying = Counter()
        for each in Quant.objects.select_related("level__location"):
            lying[each.level.location.code, each.state, each.bin, each.lot] += each.quantity
        assert lying == shadow.quants()
        waiting = OrderLine.objects.filter(backordered__gt=0)
        assert dict(waiting.values_list("order__number", "backordered")) == {
            number: wanted.waiting for number, wanted in shadow.orders.items() if wanted.waiting
        }
        self.compare_transfers()

    def compare_transfers(self):
        there = {number: sent for number, sent in self.shadow.transfers.items() if sent.is_open}
        lines = TransferLine.objects.filter(transfer__status__in=OPEN_TRANSFER)
        assert {
            line.transfer.number: (line.transfer.status, line.to_ship, line.in_transit)
            for line in lines.select_related("transfer")
        } == {
            number: (sent.status, sent.to_ship, sent.way.total()) for number, sent in there.items()
        }


def walk(world, seed, steps, *, compared_every=1, verified_every=5):
    walking = Walk(world, seed)
    for step in range(1, steps + 1):
        walking.step()
        if step % compared_every == 0:
            walking.compare()
        if step % verified_every == 0:
            assert verify(STOCK) == []
    walking.compare()
    assert sum(TransferLine.objects.values_list("lost", flat=True)) == walking.shadow.lost
    assert dict(Transfer.objects.values_list("number", "status")) == {
        number: sent.status for number, sent in walking.shadow.transfers.items()
    }
    assert verify() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_stock_is_what_plain_dictionaries_say(world, seed):
    walk(world, seed, steps=60)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(100, 120))
def test_stock_is_what_plain_dictionaries_say_for_long(world, seed):
    """100,000 steps: `STOCK_WALK_STEPS=5000 pytest tests/inventory/test_walk.py`."""
    steps = int(os.environ.get("STOCK_WALK_STEPS", "100"))
    walk(world, seed, steps, compared_every=5, verified_every=100)
