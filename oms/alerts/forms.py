"""What staff say of alerts, checked for shape."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oms.alerts.kinds import AlertKind
from oms.alerts.selectors import people_who_settle
from oms.alerts.states import Outcome

DAY = "day"
SNOOZES = [
    ("1", _("Until tomorrow")),
    ("7", _("A week")),
    ("30", _("A month")),
    (DAY, _("Until a day")),
]


class SnoozeForm(forms.Form):
    """How long it may sleep: one of the usual spans, or until a day."""

    days = forms.ChoiceField(
        label=_("How long"),
        choices=SNOOZES,
        initial="7",
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("days") == DAY and not said.get("day") and "day" not in self.errors:
            self.add_error("day", gettext("Name the day, or choose one of the spans."))
        return said

    def values(self, now: datetime) -> dict[str, Any]:
        """Until when: the morning of that day."""
        said = self.cleaned_data
        day = said["day"]
        if said["days"] != DAY:
            day = timezone.localdate(now) + timedelta(days=int(said["days"]))
        return {"until": timezone.make_aware(datetime.combine(day, time(6)))}


class SettleForm(forms.Form):
    """What it was worth, and what was done."""

    outcome = forms.ChoiceField(
        label=_("What was it worth?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What was done"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def values(self, now: datetime) -> dict[str, Any]:
        return dict(self.cleaned_data)


class AssignForm(forms.Form):
    """Who is to look after it."""

    to = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [
            (person.username, person.get_full_name() or person.username)
            for person in people_who_settle()
        ]
        self.fields["to"].choices = [("", _("Nobody")), *people]  # type: ignore[attr-defined]

    def values(self, now: datetime) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ThresholdForm(forms.Form):
    """What a kind of alert looks for."""

    def __init__(
        self, *args: Any, kind: AlertKind, values: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, threshold in kind.thresholds.items():
            self.fields[name] = forms.IntegerField(
                label=str(threshold.label),
                help_text=str(threshold.help),
                min_value=threshold.least,
                max_value=threshold.most,
                initial=values[name],
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
