"""Tasks for the covering solver, and what a cover must be whoever found it."""

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fulfillment.rules.covering import Bracket, Cover, Site


class Steps(NamedTuple):
    """A tariff of plain steps."""

    steps: tuple[Bracket, ...]

    def cost(self, grams: int) -> int | None:
        return next((each.cost for each in self.steps if grams <= each.up_to_g), None)

    def brackets(self, most_g: int) -> Sequence[Bracket]:
        shown = []
        for each in self.steps:
            shown.append(each)
            if each.up_to_g >= most_g:
                break
        return shown


def flat(cost: int, up_to_g: int = 10**9) -> Steps:
    return Steps((Bracket(up_to_g, cost),))


def asked(**changes: object) -> dict[str, object]:
    """A task of one unit, to be changed."""
    return {
        "wanted": {1: 1},
        "grams": {},
        "worth": {},
        "sites": [],
        "parts": 3,
        "is_whole": False,
        "part_worth": 0,
        "split": 5_000,
        "budget": 60.0,
    } | changes


def random_task(seed: int, most_sites: int, most_units: int) -> dict[str, object]:
    """A task like those of a business with several rates by origin; all from one seed."""
    dice = random.Random(seed)
    skus = range(1, dice.randint(1, 5) + 1)
    wanted = {sku: dice.randint(1, most_units) for sku in skus}
    grams = {sku: dice.choice([0, 90, 250, 400, 1_200, 5_000]) for sku in skus}
    tariffs = [_random_tariff(dice) for _ in range(dice.randint(1, 4))]
    held = dice.choice([0.3, 0.6, 0.9])
    sites = []
    for number in range(dice.randint(1, most_sites)):
        free = {sku: dice.randint(0, most_units + 1) for sku in wanted if dice.random() < held}
        sites.append(
            Site(
                100 + number,
                free,
                dice.choice([0, dice.randint(0, 3_000)]),
                dice.choice(tariffs),
                {sku: dice.randint(0, units) for sku, units in free.items()}
                if dice.random() < 0.4
                else None,
                dice.choice([0, 100, 700]),
            )
        )
    return asked(
        wanted=wanted,
        grams=grams,
        worth={sku: dice.choice([500, 2_000, 9_990]) for sku in wanted},
        sites=sites,
        parts=dice.choice([1, 2, 2, 3, 4, 8]),
        is_whole=dice.random() < 0.3,
        part_worth=dice.choice([0, 0, 2_000, 12_000]),
        split=dice.choice([0, 500, 5_000]),
    )


def hard_task(seed: int, budget: float) -> dict[str, object]:
    """A wholesale order that a hundred shops share: no computer proves its best cover soon."""
    dice = random.Random(seed)
    wanted = {sku: dice.randint(20, 40) for sku in range(10)}
    sites = []
    for number in range(120):
        up_to, cost, steps = 0, dice.randint(3_000, 6_000), []
        for _ in range(25):
            up_to += dice.randint(700, 2_500)
            steps.append(Bracket(up_to, cost))
            cost += dice.randint(300, 1_500)
        free = {sku: dice.randint(0, 13) for sku in wanted if dice.random() < 0.5}
        safe = {sku: units // 2 for sku, units in free.items()}
        opening, risk = dice.randint(0, 3_000), dice.randint(50, 400)
        sites.append(Site(number, free, opening, Steps(tuple(steps)), safe, risk))
    return asked(
        wanted=wanted,
        grams={sku: dice.randint(90, 1_300) for sku in wanted},
        worth={sku: dice.randint(500, 5_000) for sku in wanted},
        sites=sites,
        parts=30,
        part_worth=20_000,
        split=700,
        budget=budget,
    )


def _random_tariff(dice: random.Random) -> Steps:
    cost, up_to = dice.randint(1_000, 6_000), 0
    steps = []
    for _ in range(dice.randint(1, 6)):
        up_to += dice.choice([300, 500, 1_000, 3_000, 10_000])
        steps.append(Bracket(up_to, cost))
        cost = max(0, cost + dice.choice([-300, 0, 400, 900, 2_500]))
    if dice.random() < 0.7:
        steps.append(Bracket(10**9, cost + 3_000))
    return Steps(tuple(steps))


def cost_of(task: Mapping[str, object], parts: Mapping[int, Mapping[int, int]]) -> int | None:
    """The cost of a cover by the words of the task; None when a rule forbids it."""
    sites = {each.id: each for each in task["sites"]}
    if len(parts) > task["parts"]:
        return None
    cost = task["split"] * max(0, len(parts) - 1)
    for site_id, units in parts.items():
        site = sites[site_id]
        freight = site.tariff.cost(sum(task["grams"].get(s, 0) * n for s, n in units.items()))
        if freight is None or any(n > site.free.get(s, 0) for s, n in units.items()):
            return None
        if len(parts) > 1 and (
            sum(task["worth"].get(s, 0) * n for s, n in units.items()) < task["part_worth"]
        ):
            return None
        cost += site.opening + freight
        if site.risk_free is not None:
            cost += sum(max(0, n - site.risk_free.get(s, 0)) for s, n in units.items()) * site.risk
    return cost


def units_of(cover: Cover) -> int:
    return sum(sum(part.values()) for part in cover.parts.values())


def assert_valid(task: Mapping[str, object], cover: Cover) -> None:
    """A cover keeps every rule of its task, and costs what it says."""
    served: dict[int, int] = {}
    for part in cover.parts.values():
        assert part
        for sku, units in part.items():
            assert units > 0
            served[sku] = served.get(sku, 0) + units
    assert all(units <= task["wanted"].get(sku, 0) for sku, units in served.items())
    assert cost_of(task, cover.parts) == cover.cost
    if task["is_whole"]:
        assert served in ({}, task["wanted"])
