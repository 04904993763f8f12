"""What people say of waves, checked for shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.rules.waves import MOST_ORDERS, Wish
from fulfillment.states import PROBLEMS, WaveRule
from inventory.models import Location

FEW = 12
"""Orders of a wave, or totes of a cart, where nobody says how many."""


class WaveForm(forms.Form):
    """What the wave should be."""

    location = forms.ChoiceField(
        label=_("Location"), widget=forms.Select(attrs={"data-autosubmit": True})
    )
    rule = forms.ChoiceField(label=_("Which orders"), choices=WaveRule.choices)
    zone = forms.ChoiceField(
        label=_("Zone"), required=False, help_text=_("Counts for waves by zone.")
    )
    orders = forms.IntegerField(
        label=_("Orders at most"),
        help_text=_("With a cart: its totes."),
        min_value=1,
        max_value=MOST_ORDERS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    units = forms.IntegerField(
        label=_("Units at most"),
        required=False,
        min_value=1,
        max_value=99_999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self, *args: Any, places: Sequence[Location], zones: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].choices = [  # type: ignore[attr-defined]
            (place.code, place.name) for place in places
        ]
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", _("Every zone, a wave for each")),
            *((zone, zone) for zone in zones),
        ]
        if len(places) == 1:
            self.fields["location"].widget = forms.HiddenInput()
        if not zones:
            self.fields["zone"].widget = forms.HiddenInput()

    @property
    def wish(self) -> Wish:
        said = self.cleaned_data
        return Wish(
            rule=WaveRule(said["rule"]),
            most_orders=said["orders"],
            most_units=said["units"],
            zone=said["zone"] if said["rule"] == WaveRule.ZONE else "",
        )


class NotThereForm(forms.Form):
    """How many units of a stop were found, and why not all. With totes, those found are in
    theirs already."""

    found = forms.IntegerField(
        label=_("Units found"),
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.ChoiceField(
        label=_("Why the rest is not there"),
        choices=[(key, problem.label) for key, problem in PROBLEMS.items()],
    )

    def __init__(self, *args: Any, units: int, has_totes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found"] = forms.IntegerField(
            label=_("Units found"),
            min_value=0,
            max_value=units - 1,
            initial=0,
            help_text=_("of {n}").format(n=units),
            error_messages={"max_value": _("At most %(limit_value)s: else all are there.")},
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        if has_totes:
            del self.fields["found"]
        self.order_fields(["found", "reason"])

    @property
    def units_found(self) -> int:
        return int(self.cleaned_data.get("found") or 0)
