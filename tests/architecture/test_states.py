"""Lifecycles are whole: every verb in every state either leads to a known one or is refused."""

import importlib

import pytest

from oms.core.states import Lifecycle, TransitionNotAllowed

APPS = ("oms.channels", "oms.alerts", "inventory", "orders", "fulfillment", "returns", "b2b")
LIFECYCLES = [
    pytest.param(each, id=each.subject)
    for app in APPS
    for each in vars(importlib.import_module(f"{app}.states")).values()
    if isinstance(each, Lifecycle)
]


def states_of(lifecycle):
    found = {target for _, target in lifecycle.moves.values()}
    for sources, _ in lifecycle.moves.values():
        found |= sources
    return found


def test_there_are_lifecycles():
    assert len(LIFECYCLES) >= 5


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
def test_a_verb_leads_to_a_known_state_or_is_refused(lifecycle):
    known = states_of(lifecycle)
    for state in known:
        for verb in lifecycle.moves:
            if lifecycle.allows(verb, state):
                assert lifecycle.after(verb, state) in known
                assert verb in lifecycle.verbs(state)
            else:
                with pytest.raises(TransitionNotAllowed):
                    lifecycle.after(verb, state)


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
def test_every_state_is_an_enum_value(lifecycle):
    assert all(hasattr(state, "label") for state in states_of(lifecycle))
