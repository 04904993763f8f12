"""On which days a location works, checked for shape."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_DAYS = 400
MOST_WORK = 1_000_000


class CalendarForm(forms.Form):
    """Until when and how much in a day, days of the week, and days off, one a line."""

    cutoff_time = forms.TimeField(
        label=gettext_lazy("Cut-off"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Work given before leaves the same day. Empty: there is none."),
    )
    daily_capacity = forms.IntegerField(
        label=gettext_lazy("Pieces of work a day"),
        required=False,
        min_value=0,
        max_value=MOST_WORK,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("What routing rules may count. Empty: as many as come."),
    )

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("It works on"),
        choices=[(day, WEEKDAYS[day]) for day in range(7)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one day at least.")},
    )
    closed_on = forms.CharField(
        label=gettext_lazy("Days on which it is closed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One a line, as 2026-12-25. Nothing leaves on these."),
    )

    def clean_closed_on(self) -> list[date]:
        found: Any = []
        for word in re.split(r"[\s,;]+", self.cleaned_data["closed_on"].strip()):
            if not word:
                continue
            try:
                found.append(date.fromisoformat(word))
            except ValueError:
                raise forms.ValidationError(
                    _("%(word)s is no day. Write it as 2026-12-25."), params={"word": word[:20]}
                ) from None
        if len(found) > MOST_DAYS:
            raise forms.ValidationError(_("That is more than %d days.") % MOST_DAYS)
        return sorted(set(found))
