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


@dataclass
class Sent:
    """A transfer: what is still to leave, and what is under way, by lot."""

    source: str
    target: str
    to_ship: int
    way: Counter = field(default_factory=Counter)
    status: str = "requested"

    @property
    def is_open(self):
        return self.status in ("requested", "shipped", "part_received")


@dataclass
class Counted:
    """A count of one bin: by lot, what was counted, what the books said, how often corrected."""

    place: str
    bin: str
    lines: dict = field(default_factory=dict)
    recounting: set = field(default_factory=set)
    times: int = 0

    def differences(self):
        found = {lot: counted - there for lot, (counted, there, _) in self.lines.items()}
        return {lot: units for lot, units in found.items() if units}


class Shadow:
    def __init__(self, expiry):
        self.expiry = expiry
        self.shelves = {}
        self.orders = {}
        self.transfers = {}
        self.counts = {}
        self.corrections = Counter()
        self.lost = 0

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
        leaving = sum(sent.to_ship for sent in self.transfers.values() if sent.source == place)
        return leaving + sum(order.promised for order in self.of(place))

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

    def correct(self, place, taken):
        """The books of these bins and lots were put right once more."""
        for bin, lot in taken:
            self.corrections[place, bin, lot] += 1

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
            self.correct(order.place, self.choose(order.place, missing))
            claim.units -= missing
            order.waiting += missing

    def ship(self, number, nth):
        order = self.orders[number]
        order.claims[nth] = Claim(0)
        if not order.waiting and not order.promised:
            del self.orders[number]

    def cancel(self, number):
        order = self.orders.pop(number)
        for claim in order.claims:
            self.at(order.place).update(claim.in_hand)

    def send(self, number, units):
        sent = self.transfers[number]
        for (_, lot), part in self.choose(sent.source, units).items():
            sent.way[lot] += part
        sent.to_ship -= units
        sent.status = "shipped" if sent.status == "requested" else sent.status

    def arrive(self, number, good, damaged, over=0):
        """Take in what is under way, the lot that expires first first; broken units after good
        ones, and the surplus as if nobody knew its lot."""
        sent = self.transfers[number]
        for state, units in (("available", good), ("damaged", damaged)):
            for lot in sorted(sent.way, key=lambda lot: (self.expiry.get(lot) or "9999", lot)):
                part = min(units, sent.way[lot])
                units -= part
                sent.way[lot] -= part
                self.at(sent.target, state)["", lot] += part
        self.at(sent.target)["", ""] += over
        sent.way = +sent.way
        sent.status = "part_received" if sent.to_ship or sent.way else "received"
        if good + over:
            self.serve(sent.target)

    def end(self, number, status):
        """What is under way is lost; what never left is free again."""
        sent = self.transfers[number]
        self.lost += sent.way.total()
        sent.to_ship, sent.way, sent.status = 0, Counter(), status

    def look(self, number, found):
        """Write down what was counted in the bin of a count, by lot; the rest is not there."""
        count = self.counts[number]
        there = {lot for bin, lot in self.at(count.place) if bin == count.bin}
        lots = count.recounting or there | set(found) | set(count.lines)
        for lot in lots:
            books = self.at(count.place)[count.bin, lot]
            seen = self.corrections[count.place, count.bin, lot]
            count.lines[lot] = (found.get(lot, 0), books, seen)
        count.recounting = set()

    def enter(self, number):
        """Let the books follow a count, if they can; otherwise say why not."""
        count = self.counts[number]
        place, bin = count.place, count.bin
        found = count.differences()
        if any(self.corrections[place, bin, lot] != count.lines[lot][2] for lot in found):
            return "CorrectedSince"
        net = sum(found.values())
        if net < 0 and self.free(place) < -net:
            return "CountedUnitsArePromised"
        if any(self.at(place)[bin, lot] < -units for lot, units in found.items()):
            return "NotInBin"
        for lot, units in found.items():
            self.at(place)[bin, lot] += units
        self.shelves[place, "available"] = +self.at(place)
        self.correct(place, [(bin, lot) for lot in found])
        del self.counts[number]
        if net > 0:
            self.serve(place)
        return ""

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
