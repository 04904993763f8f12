"""Whatever happens to stock, in whatever order: it is what plain dictionaries say it is."""

import os
import random
from collections import Counter
from datetime import date

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from inventory import services as inventory
from inventory.errors import NotInBin, StockIsSpokenFor
from inventory.invariants import INVARIANTS
from inventory.models import Quant, StockLevel
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders import services as orders
from orders.models import Order
from tests.inventory.shadow import HELD, Shadow

PLACES = ("rotterdam", "leipzig")
BINS = ("A-1", "A-2", "B-1")
LOTS = {"": None, "spring": "2031-05-01", "autumn": "2031-10-01"}
STOCK = [each.name for each in INVARIANTS]


class Walk:
    """The real books and their shadow, changed side by side."""

    def __init__(self, world, seed):
        self.world, self.dice = world, random.Random(seed)
        self.shadow = Shadow(LOTS)
        self.works = {}
        world.sku("tea")
        for place in PLACES:
            world.location(place)

    def step(self):
        acts = [self.receive, self.order, self.order, self.pick, self.pick, self.ship]
        acts += [self.cancel, self.adjust, self.move, self.hold, self.free, self.scrap]
        acts += [self.transfer]
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
        for work in FulfillmentOrder.objects.select_related("order").order_by("pk"):
            known = self.works.setdefault(work.order.number, [])
            if work.number not in known:
                known.append(work.number)

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
        untouched = [
            number
            for number in self.shadow.orders
            if not FulfillmentOrder.objects.filter(
                order__number=number, status__in=["packed", "shipped", "delivered"]
            ).exists()
        ]
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
            self.shadow.put(place, delta, bin, "")
            self.know_works()
        elif not enough:
            with pytest.raises(StockIsSpokenFor):
                inventory.adjust(**said, reason="walk", **self.named())
        elif self.shadow.choose(place, -delta, bin=bin or None).total() == -delta:
            inventory.adjust(**said, reason="walk", **self.named())
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
        waiting = {
            order.number: sum(line.backordered for line in order.lines.all())
            for order in Order.objects.prefetch_related("lines")
        }
        assert {number: units for number, units in waiting.items() if units} == {
            number: wanted.waiting for number, wanted in shadow.orders.items() if wanted.waiting
        }
        assert verify(STOCK) == []


def walk(world, seed, steps):
    walking = Walk(world, seed)
    for _ in range(steps):
        walking.step()
        walking.compare()
    assert verify() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_stock_is_what_plain_dictionaries_say(world, seed):
    walk(world, seed, steps=60)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 120))
def test_stock_is_what_plain_dictionaries_say_for_long(world, seed):
    """100,000 steps: `STOCK_WALK_STEPS=5000 pytest tests/inventory/test_walk.py`."""
    walk(world, seed, steps=int(os.environ.get("STOCK_WALK_STEPS", "100")))
