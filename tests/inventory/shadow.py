"""Stock as plain dictionaries would keep it: what the real books are compared with.

It knows nothing of the product's code. One SKU, orders collected at one location each.
"""

from collections import Counter
from dataclasses import dataclass, field

HELD = ("quality_control", "damaged", "quarantine")


@dataclass
class Claim:
    """Units promised to an order and not gone yet, and where those in hand came from."""

    units: int
    in_hand: Counter = field(default_factory=Counter)

    @property
    def to_pick(self):
        return self.units - self.in_hand.total()


@dataclass
class Wanted:
    """An order: its claims are one for each time it was served."""

    place: str
    waiting: int
    claims: list[Claim] = field(default_factory=list)

    @property
    def promised(self):
        return sum(claim.units for claim in self.claims)


class Shadow:
    def __init__(self, expiry):
        self.expiry = expiry
        self.shelves = {}
        self.orders = {}

    def at(self, place, state="available"):
        """Units by bin and lot."""
        return self.shelves.setdefault((place, state), Counter())

    def on_hand(self, place):
        there = sum(units.total() for (at, _), units in self.shelves.items() if at == place)
        return there + sum(
            claim.in_hand.total() for order in self.of(place) for claim in order.claims
        )

    def held(self, place):
        return sum(self.at(place, state).total() for state in HELD)

    def reserved(self, place):
        return sum(order.promised for order in self.of(place))

    def free(self, place):
        return self.on_hand(place) - self.reserved(place) - self.held(place)

    def of(self, place):
        return [order for order in self.orders.values() if order.place == place]

    def choose(self, place, units, state="available", bin=None, lot=None):
        """Take units off the shelf as a picker would, the lot that expires first first."""
        shelf, taken = self.at(place, state), Counter()
        for key in sorted(shelf, key=self._turn):
            if bin not in (None, key[0]) or lot not in (None, key[1]):
                continue
            part = min(units - taken.total(), shelf[key])
            if part > 0:
                taken[key] += part
        if taken.total() == units:
            shelf.subtract(taken)
            self.shelves[place, state] = +shelf
        return taken

    def _turn(self, key):
        bin, lot = key
        return (self.expiry.get(lot) or "9999", bin == "", bin, lot)

    def put(self, place, units, bin, lot, state="available"):
        self.at(place, state)[bin, lot] += units
        if state == "available":
            self.serve(place)

    def serve(self, place):
        for order in self.of(place):
            if part := min(order.waiting, max(0, self.free(place))):
                order.waiting -= part
                order.claims.append(Claim(part))

    def order(self, number, place, units):
        there = min(units, max(0, self.free(place)))
        self.orders[number] = Wanted(place, units - there, [Claim(there)] if there else [])

    def pick(self, number, nth, missing=0):
        """Pick a claim; units that are not found leave the books, and the order waits for them."""
        order = self.orders[number]
        claim = order.claims[nth]
        found = claim.to_pick - missing
        claim.in_hand.update(self.choose(order.place, found))
        if missing:
            self.choose(order.place, missing)
            claim.units -= missing
            order.waiting += missing

    def ship(self, number, nth):
        self.orders[number].claims[nth] = Claim(0)

    def cancel(self, number):
        order = self.orders.pop(number)
        for claim in order.claims:
            self.at(order.place).update(claim.in_hand)

    def quants(self):
        """Everything that lies somewhere: units by place, state, bin and lot."""
        found = Counter()
        for (place, state), units in self.shelves.items():
            for (bin, lot), count in units.items():
                found[place, state, bin, lot] += count
        for order in self.orders.values():
            for claim in order.claims:
                for (bin, lot), count in claim.in_hand.items():
                    found[order.place, "picked", bin, lot] += count
        return +found
