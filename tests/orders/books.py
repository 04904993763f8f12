"""All that orders leave in the books, told without keys and moments, to compare two ways."""

import re
from typing import Any

from django.db.models import Model

from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, SourcingDecision
from inventory.models import CartReservation, Movement, Reservation, StockLevel
from oms.core.models import EventRecord, Job
from oms.customers.models import Customer
from orders.models import Hold, MoneyEntry, Order, OrderKit, OrderLine, Payment

MODELS: tuple[type[Model], ...] = (
    Order, OrderLine, OrderKit, Payment, MoneyEntry, Hold, Customer, FulfillmentOrder,
    FulfillmentOrderLine, SourcingDecision, Reservation, StockLevel, Movement, CartReservation,
    EventRecord, Job,
)  # fmt: skip
LEFT_OUT = {"id", "created_at", "due_at", "happened_at", "decided_at", "set_at", "ended_at"}
NUMBER = re.compile(r"\b(SO|FO)-([0-9]+)")


def told() -> dict[str, list[dict[str, Any]]]:
    """Every row by model, in the order of writing; what it refers to by how that is known."""
    names: dict[str, str] = {
        order.number.removeprefix("SO-"): order.external_id for order in Order.objects.all()
    }
    keys: dict[tuple[type[Model], int], str] = {}
    found = {model: list(model._default_manager.order_by("pk")) for model in MODELS}
    for model, rows in found.items():
        for nth, row in enumerate(rows):
            keys[model, row.pk] = f"{model.__name__} {nth}"
    return {
        model.__name__: [_row(row, names, keys) for row in rows] for model, rows in found.items()
    }


def _row(row: Model, names: dict[str, str], keys: Any) -> dict[str, Any]:
    said = {}
    for field in row._meta.concrete_fields:
        if field.name in LEFT_OUT:
            continue
        value = getattr(row, field.attname)
        if field.is_relation and value is not None:
            value = keys.get((field.related_model, value), value)
        elif isinstance(value, str | dict | list):
            value = NUMBER.sub(lambda m: f"{m[1]}-<{names.get(m[2], m[2])}>", str(value))
            value = re.sub(r":[0-9]{20}\b|:[0-9]{14}\.[0-9]{6}", "", value)
        said[field.name] = value
    return said
