"""Every reaction exists, takes the fact it is wired to, and says in a sentence what it does."""

import importlib
import inspect
from typing import get_type_hints

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from oms.core.events import Event

WIRED = [(name, path) for name, paths in settings.REACTIONS.items() for path in paths]


def every_event():
    for app in (
        "oms.catalog",
        "oms.alerts",
        "inventory",
        "orders",
        "fulfillment",
        "returns",
        "b2b",
    ):
        importlib.import_module(f"{app}.events")
    found = {}
    kinds = list(Event.__subclasses__())
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if "name" in vars(kind):
            found[kind.name] = kind
    return found


EVENTS = every_event()


@pytest.mark.parametrize(("name", "path"), WIRED)
def test_a_reaction_takes_the_fact_it_is_wired_to(name, path):
    reaction = import_string(path)
    [parameter] = inspect.signature(reaction).parameters
    taken = get_type_hints(reaction)[parameter]
    assert issubclass(EVENTS[name], taken)


@pytest.mark.parametrize(("name", "path"), WIRED)
def test_a_reaction_says_what_it_does(name, path):
    assert inspect.getdoc(import_string(path))


def test_only_facts_that_exist_have_reactions():
    assert settings.REACTIONS.keys() <= EVENTS.keys()


@pytest.mark.parametrize("name", EVENTS)
def test_a_fact_says_what_it_means_or_is_plain_from_its_name(name):
    assert "." in name
    assert EVENTS[name].__name__.lower().startswith(name.split(".")[0].replace("_", ""))


def test_reactions_that_move_stock_stand_last_on_their_line():
    moves_stock = {
        "fulfillment.reactions.route",
        "fulfillment.reactions.resume_work",
        "fulfillment.reactions.withdraw_work",
        "fulfillment.reactions.fill_backorders",
    }
    for paths in settings.REACTIONS.values():
        assert not moves_stock & set(paths[:-1])
