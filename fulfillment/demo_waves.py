"""What is picked in one walk in the demo shop: a cart that stands ready, and single lines."""

from datetime import timedelta

from fulfillment import services
from fulfillment.models import Wave
from fulfillment.rules.waves import Wish, choose
from fulfillment.selectors.free_work import free_work
from fulfillment.selectors.waves import wave_walk
from fulfillment.states import WaveRule
from inventory.models import Location
from oms.core.actors import Actor
from oms.core.demo import Demo, hand_at

OPERATIONS = Actor("user", "otto")
CART, SINGLES = Wish(WaveRule.CART, most_orders=3), Wish(WaveRule.SINGLE_LINE, most_orders=4)
LEAST_LEFT = 3
"""Orders that stay for those who pick one by one."""


def waves(demo: Demo) -> None:
    """The busiest warehouse has a cart with its totes, and a wave for whoever comes first."""
    if Wave.objects.exists():
        return
    frees = [(free_work(each), each) for each in Location.objects.filter(is_active=True)]
    free, place = max(frees, key=lambda each: len(each[0].candidates))
    left = sorted(free.candidates, key=lambda each: each.turn)[LEAST_LEFT:]
    hand = hand_at(place.code)
    for wish, minutes in ((CART, 40), (SINGLES, 25)):
        chosen = [each.number for each in choose(left, wish, now=demo.now)]
        left = [each for each in left if each.number not in chosen]
        if len(chosen) < 2:
            continue
        [made] = services.make_waves(
            location=place.code,
            numbers=chosen,
            rule=wish.rule,
            picker=hand.name if wish is CART else "",
            by=OPERATIONS,
            at=demo.now - timedelta(minutes=minutes),
        )
        for nth, order in enumerate(wave_walk(made).without_tote, start=1):
            services.take_tote(
                number=made.number,
                work=order.fulfillment_order.number,
                tote=f"TOTE-{nth}",
                by=hand,
                at=demo.now - timedelta(minutes=5),
            )
