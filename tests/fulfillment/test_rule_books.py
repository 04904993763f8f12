"""Rule books as documents: what they say, whom they are for, and what is refused."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from fulfillment.errors import BadRules
from fulfillment.rules.reading import parse
from fulfillment.rules.routing import BUILT_IN, Asked, Limits, Step, Weights, When
from fulfillment.rules.writing import document_of

STEP = {"name": "Closest", "weights": {"distance": "1"}}
FIFTY = {"value_at_least": "50", "currency": "EUR"}


def book(**fields):
    return parse({"routings": [{"name": "Tea", "steps": [STEP], **fields}]})


def test_a_document_becomes_a_rule_book():
    found = parse(
        {
            "groups": {"benelux": ["ROT", "ANR"]},
            "routings": [
                {
                    "name": "Express",
                    "when": {"services": ["Express"], "countries": ["NL"]},
                    "steps": [
                        {
                            "name": "Cheapest together",
                            "from": ["benelux"],
                            "limits": {"max_distance_km": 500, "has_capacity": True},
                            "allocate": "part",
                            "parts": 2,
                            "part_value_at_least": "20.00",
                            "weights": {"freight": "1", "split": 5},
                        }
                    ],
                    "rest": "park",
                    "cancel_after_days": 14,
                }
            ],
        },
        version=7,
    )

    [routing] = found.routings
    [step] = routing.steps
    assert (found.version, routing.is_parked, routing.cancel_after_days) == (7, True, 14)
    assert (step.limits.max_distance_km, step.limits.has_capacity) == (Decimal(500), True)
    assert (step.is_whole, step.parts, step.part_value) == (False, 2, Decimal(20))
    assert step.weights == Weights(freight=Decimal(1), split=Decimal(5))
    assert found.takes(step, code="ANR", kind="warehouse")
    assert not found.takes(step, code="LEJ", kind="warehouse")


@pytest.mark.parametrize(
    ("when", "asked", "holds"),
    [
        ({}, Asked(), True),
        ({"channels": ["web"]}, Asked(channel="web"), True),
        ({"channels": ["web"]}, Asked(channel="desk"), False),
        ({"services": ["EXPRESS"]}, Asked(service="express"), True),
        ({"tags": ["vip", "b2b"]}, Asked(tags=["b2b"]), True),
        ({"tags": ["vip"]}, Asked(tags=[]), False),
        ({"postal_codes": ["10 1"]}, Asked(postal_code="1012 ab"), True),
        ({"postal_codes": ["10"]}, Asked(postal_code="2012"), False),
        ({"priority_at_least": 2}, Asked(priority=1), False),
        (FIFTY, Asked(value=Decimal(50), currency="EUR"), True),
        (FIFTY, Asked(value=Decimal(90), currency="USD"), False),
        ({"value_below": "50", "currency": "EUR"}, Asked(value=Decimal(50), currency="EUR"), False),
        ({"arrives_within_days": 2}, Asked(days=1.5), True),
        ({"arrives_within_days": 2}, Asked(days=None), False),
    ],
)  # fmt: skip
def test_a_routing_is_for_the_orders_it_names(when, asked, holds):
    assert book(when=when).routings[0].when.holds(asked) is holds


def test_an_order_that_no_routing_is_for_is_served_as_built_in():
    found = book(when={"countries": ["NL"]}).routing_for(Asked(country="DE"))

    assert found == BUILT_IN.routings[0]


def test_locations_are_named_by_code_kind_or_group():
    found = parse(
        {
            "groups": {"near": ["ROT", "kind:store"]},
            "routings": [{"name": "Tea", "steps": [{**STEP, "from": ["near"]}]}],
        }
    )
    [step] = found.routings[0].steps

    assert found.takes(step, code="ROT", kind="warehouse")
    assert found.takes(step, code="AMS", kind="store")
    assert not found.takes(step, code="LEJ", kind="warehouse")
    assert found.takes(Step("any"), code="LEJ", kind="warehouse")


def test_everything_wrong_is_named_with_its_place():
    document = {
        "groups": {"a": ["b"], "b": ["ROT"]},
        "routings": [
            {
                "name": "Tea",
                "when": {"countries": ["Netherlands"], "value_at_least": "-1"},
                "steps": [{"weights": {"freigt": 1}, "parts": True, "from": ["kind:moon"]}],
                "rest": "go",
            },
            {"name": "Tea", "steps": []},
        ],
        "more": 1,
    }

    with pytest.raises(BadRules) as refused:
        parse(document)

    assert refused.value.problems == [
        "/more: is not known here",
        "/groups/a: b is a group itself",
        "/routings/0/steps/0/weights/freigt: is not known here",
        "/routings/0/steps/0/from: kind:moon is no kind of location that serves orders",
        "/routings/0/steps/0/name: is needed",
        "/routings/0/steps/0/parts: is not a whole number from 1 to 20",
        "/routings/0/rest: is not wait or park",
        "/routings/0/when/value_at_least: is not a number of 0 or more, as a text",
        "/routings/0/when/countries: Netherlands is not a country such as NL",
        "/routings/1/steps: names no step",
        "/routings/1/name: Tea stands there already",
    ]


@pytest.mark.parametrize("document", [None, [], "x", {}, {"routings": {}}, {"routings": []}])
def test_what_is_no_rule_book_is_refused(document):
    with pytest.raises(BadRules):
        parse(document)


def test_the_examples_in_the_documents_can_be_followed():
    text = (Path(settings.BASE_DIR) / "docs/routing.md").read_text()
    examples = [parse(json.loads(each)) for each in re.findall(r"```json\n(.*?)```", text, re.S)]

    assert [[each.name for each in book.routings] for book in examples] == [
        ["Everything"],
        ["Express to the Benelux", "Small orders"],
    ]
    assert [parse(document_of(book)) for book in examples] == examples
    fields = {*When.__dataclass_fields__, *Limits.__dataclass_fields__}
    fields |= {*Weights.__dataclass_fields__, "parts", "part_value_at_least", "allocate", "from"}
    fields |= {"groups", "routings", "when", "steps", "rest", "cancel_after_days"}
    assert [name for name in sorted(fields) if f"`{name}`" not in text] == []
