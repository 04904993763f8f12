"""What staff may ask of an order, checked for shape."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import OrderLine
from orders.states import HIGHEST_PRIORITY, HOLDS

REASON = 200


class HoldForm(forms.Form):
    """Which hold, and why."""

    kind = forms.ChoiceField(
        label=_("Kind of hold"),
        choices=[
            (kind, f"{hold.label}: stops {', '.join(str(stop.label) for stop in hold.stops)}")
            for kind, hold in HOLDS.items()
        ],
        initial="manual",
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=REASON,
        help_text=_("Colleagues read this where the order is stopped."),
    )


class ReleaseForm(forms.Form):
    """Why an order may go on."""

    reason = forms.CharField(label=_("Why it may go on"), max_length=REASON)


class NoteForm(forms.Form):
    """Something colleagues should know."""

    text = forms.CharField(
        label=_("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class PriorityForm(forms.Form):
    """How urgent an order is, and why."""

    priority = forms.IntegerField(
        label=_("Priority"),
        min_value=0,
        max_value=HIGHEST_PRIORITY,
        help_text=_("0 is as any other; the higher is served first where the queue goes by it."),
    )
    reason = forms.CharField(label=_("Why"), max_length=REASON)


class CancelForm(forms.Form):
    """How many units of each line are called off, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON)

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.cancellable]
        for line in self.lines:
            self.fields[self.name_of(line)] = forms.IntegerField(
                label=line.name,
                min_value=0,
                max_value=line.cancellable,
                initial=line.cancellable,
                required=False,
                widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
                error_messages={
                    "max_value": _("Only %(limit_value)s can be cancelled: the rest is in a box.")
                },
            )

    @staticmethod
    def name_of(line: OrderLine) -> str:
        return f"line-{line.position}"

    @property
    def rows(self) -> list[tuple[OrderLine, forms.BoundField]]:
        return [(line, self[self.name_of(line)]) for line in self.lines]

    @property
    def units(self) -> dict[int, int]:
        """The units asked for, by line id."""
        asked = {line.pk: self.cleaned_data.get(self.name_of(line)) or 0 for line in self.lines}
        return {pk: count for pk, count in asked.items() if count}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.units:
            self.add_error(None, _("Say of at least one line how many units are cancelled."))
        return cleaned


class CustomerCancelForm(CancelForm):
    """The same, as a customer asks for it: no reason is owed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
