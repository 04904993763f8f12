"""What the gallery of components shows: one example of everything, in words of a small shop."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from oms.core.tones import TONES

NAMES = {"rfq": "request for quotation", "return": "return (RMA)"}

LINES: tuple[dict[str, int], ...] = (
    {
        "quantity": 15,
        "allocated": 12,
        "picked": 9,
        "packed": 7,
        "shipped": 6,
        "delivered": 4,
        "returned": 1,
        "backordered": 2,
        "cancelled": 1,
    },
    {"quantity": 4, "allocated": 2, "picked": 2, "backordered": 2},
    {"quantity": 120, "allocated": 96},
)

GOODS: tuple[dict[str, Any], ...] = (
    {
        "number": "SO-10482",
        "who": "Robin Vale",
        "where": "Antwerp, BE",
        "total": "302.68",
        "at": 2,
        "line": LINES[0],
        "hold": "address",
    },
    {
        "number": "SO-10480",
        "who": "Bramblewood Hotels",
        "where": "Utrecht, NL",
        "total": "4927.10",
        "at": 3,
        "line": LINES[2],
        "hold": "credit",
    },
    {
        "number": "SO-10477",
        "who": "Mika Lund",
        "where": "Aarhus, DK",
        "total": "121.55",
        "at": 30,
        "line": LINES[1],
        "hold": "",
    },
)


class ExampleForm(forms.Form):
    """A form with something to put right."""

    reason = forms.ChoiceField(choices=[("asked", "Customer asked"), ("fraud", "Fraud")])
    quantity = forms.IntegerField(
        max_value=5, error_messages={"max_value": "5 available at Leipzig. Enter 5 or less."}
    )
    note = forms.CharField(required=False, help_text="Only staff read it.")
    restock = forms.BooleanField(required=False, label="Put the units back into stock")


def entries(now: dt.datetime) -> list[dict[str, object]]:
    """Return a short story of an order, in no order."""
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    return [
        {"at": now + hour, "title": "Ship FO-20872 from Leipzig", "detail": "if released"},
        {
            "at": now - hour / 4,
            "title": "Address hold set",
            "detail": "rule “Street without number”",
            "tone": "wait",
            "shape": "s-pause",
        },
        {
            "at": now - day,
            "title": "1 Sencha returned, box dented",
            "detail": "restocked as B grade",
            "tone": "back",
            "shape": "s-back",
        },
        {
            "at": now - 6 * day,
            "title": "Placed and routed",
            "detail": "Web shop EU",
            "tone": "doing",
            "shape": "s-half",
        },
    ]


def context() -> dict[str, object]:
    """Return the context of `components/gallery.html`."""
    now = timezone.now()
    form = ExampleForm({"reason": "asked", "quantity": "7"})
    form.is_valid()
    return {
        "tones": [
            (NAMES.get(kind, kind.replace("_", " ")), kind, list(values))
            for kind, values in TONES.items()
        ],
        "lines": LINES,
        "orders": [
            {**order, "at": now - dt.timedelta(hours=order["at"]), "total": Decimal(order["total"])}
            for order in GOODS
        ],
        "amounts": [
            (Decimal("4927.1"), "EUR"),
            (Decimal("-12.8"), "EUR"),
            (Decimal(1500), "JPY"),
            (Decimal("1.5"), "BHD"),
        ],
        "entries": entries(now),
        "form": form,
        "values": [4, 8, 3, 11, 17, 14, 9, 13, 20, 25],
        "hours": [
            ("6", 12, 0),
            ("7", 22, 10),
            ("8", 38, 28),
            ("9", 51, 44),
            ("10", 60, 52),
            ("11", 47, 66),
            ("12", 55, 41),
            ("13", 72, 58),
            ("14", 55, 60),
        ],
        "names": ["Placed", "Shipped"],
        "views": [
            {"label": "All", "url": "?", "count": 1234},
            {"label": "Open", "url": "?view=open", "count": 214, "current": True},
            {"label": "Held", "url": "?view=held", "count": 30},
            {"label": "Late risk", "url": "?view=late", "count": 4},
        ],
        "page": {"newer": None, "older": "example"},
        "now": now,
        "soon": now + dt.timedelta(hours=1, minutes=12),
        "past": now - dt.timedelta(hours=26),
        "last_year": now - dt.timedelta(days=400),
    }
