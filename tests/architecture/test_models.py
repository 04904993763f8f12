"""Foreign keys point down the house, and neither look back up nor delete upwards."""

import pytest
from django.apps import apps
from django.db import models

FLOORS = [
    ["core"],
    ["catalog", "customers"],
    ["channels"],
    ["messaging"],
    ["alerts"],
    ["inventory"],
    ["orders"],
    ["fulfillment"],
    ["returns", "b2b"],
]
FLOOR = {label: number for number, labels in enumerate(FLOORS) for label in labels}
OURS = [model for label in FLOOR for model in apps.get_app_config(label).get_models()]
KEYS = [
    field
    for model in OURS
    for field in model._meta.get_fields()
    if (field.many_to_one or (field.one_to_one and field.concrete))
    and field.related_model in OURS
    and field.related_model._meta.app_label != model._meta.app_label
]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_key_into_another_app_points_down(key):
    above, below = key.model._meta.app_label, key.related_model._meta.app_label
    assert FLOOR[below] < FLOOR[above]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_key_into_another_app_never_deletes_upwards(key):
    if key.related_model._meta.label == "core.User":
        return
    assert key.remote_field.on_delete in {models.PROTECT, models.DO_NOTHING}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_says_what_it_is(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")
    assert model.__str__ is not models.Model.__str__


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_model_writes_other_rows_on_save(model):
    if model._meta.label == "core.User":
        return
    assert model.save is models.Model.save
    assert model.delete is models.Model.delete
