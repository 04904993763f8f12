"""What a supplier may say of an order, on the page of its link."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.selectors import LineView

PARTS = 3
"""So many days can be given for one line."""


@dataclass(frozen=True)
class Row:
    """A line and its fields."""

    each: LineView
    parts: list[tuple[BoundField, BoundField]]
    declined: BoundField
    note: BoundField


class VendorForm(forms.Form):
    """For every line: units and days, that the rest does not come, a note."""

    def __init__(self, *args: Any, lines: Sequence[LineView], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [each for each in lines if each.line.missing]
        self.today = today
        for each in self.lines:
            self._add(each)

    def _add(self, each: LineView) -> None:
        pk, given = each.line.pk, each.commitments
        for nth in range(max(PARTS, len(given))):
            standing = given[nth] if nth < len(given) else None
            first = each.line.missing if nth == 0 and not each.line.answered_at else None
            self.fields[f"units-{pk}-{nth}"] = forms.IntegerField(
                label=_("Units"),
                min_value=1,
                max_value=99_999_999,
                required=False,
                initial=standing.left if standing else first,
                widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            )
            self.fields[f"day-{pk}-{nth}"] = forms.DateField(
                label=_("Arrives on"),
                required=False,
                initial=standing.expected_on if standing else None,
                widget=forms.DateInput(
                    format="%Y-%m-%d",
                    attrs={
                        "type": "date",
                        "class": "form-control",
                        "min": self.today.isoformat(),
                    },
                ),
            )
        self.fields[f"declined-{pk}"] = forms.BooleanField(
            label=_("Units without a day will not come"),
            required=False,
            initial=each.line.is_declined,
            widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        )
        self.fields[f"note-{pk}"] = forms.CharField(
            label=_("A note, or what you could send instead (optional)"),
            max_length=500,
            required=False,
            initial=each.line.answer_note,
            widget=forms.TextInput(attrs={"class": "form-control"}),
        )

    def rows(self) -> Iterator[Row]:
        for each in self.lines:
            pk = each.line.pk
            yield Row(
                each,
                [(self[f"units-{pk}-{n}"], self[f"day-{pk}-{n}"]) for n in self._parts(each)],
                self[f"declined-{pk}"],
                self[f"note-{pk}"],
            )

    def _parts(self, each: LineView) -> range:
        return range(max(PARTS, len(each.commitments)))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for each in self.lines:
            self._check(each, said)
        if not self.errors and not self.answers:
            raise forms.ValidationError(gettext("Give a day for at least one line."))
        return said

    def _check(self, each: LineView, said: dict[str, Any]) -> None:
        """Units need a day and a day units, unless the rest is declined or not spoken of."""
        pk = each.line.pk
        together = 0
        if (each.commitments or each.line.is_declined) and not self._says(each, said):
            words = gettext("Say how many and when, or that they will not come.")
            self._wrong(f"units-{pk}-0", words)
        for nth in self._parts(each):
            units, day = said.get(f"units-{pk}-{nth}"), said.get(f"day-{pk}-{nth}")
            if day and not units:
                self._wrong(f"units-{pk}-{nth}", gettext("Say how many."))
            if day and day < self.today:
                self._wrong(f"day-{pk}-{nth}", gettext("Give a day from today on."))
            if units and not day and not self._is_untouched(each, nth, units, said):
                self._wrong(f"day-{pk}-{nth}", gettext("Say when they arrive."))
            together += (units or 0) if day else 0
        if together > each.line.missing:
            words = gettext("Together {n}, but only {most} are still to come.")
            self._wrong(f"units-{pk}-0", words.format(n=together, most=each.line.missing))

    def _says(self, each: LineView, said: dict[str, Any]) -> bool:
        """Whether anything is said of the line: an empty answer takes no earlier one back."""
        pk = each.line.pk
        names = [f"{name}-{pk}-{n}" for n in self._parts(each) for name in ("units", "day")]
        names += [f"declined-{pk}", f"note-{pk}"]
        return any(said.get(name) or name in self.errors for name in names)

    def _wrong(self, name: str, words: str) -> None:
        """Say what is wrong with a field, unless something was said of it already."""
        if name not in self.errors:
            self.add_error(name, words)

    def _is_untouched(self, each: LineView, nth: int, units: int, said: dict[str, Any]) -> bool:
        """The figure that stood there before anybody answered, left without a day."""
        alone = nth == 0 and not each.line.answered_at and units == each.line.missing
        return alone and not any(said.get(f"day-{each.line.pk}-{n}") for n in self._parts(each))

    @property
    def answers(self) -> list[dict[str, Any]]:
        """What is said, by SKU; lines of which nothing was ever said are left out."""
        said, found = self.cleaned_data, []
        for each in self.lines:
            pk = each.line.pk
            parts = [
                (said[f"units-{pk}-{n}"], said[f"day-{pk}-{n}"])
                for n in self._parts(each)
                if said.get(f"units-{pk}-{n}") and said.get(f"day-{pk}-{n}")
            ]
            declined, note = said.get(f"declined-{pk}", False), said.get(f"note-{pk}", "")
            if parts or declined or note or each.line.answered_at:
                found.append(
                    {
                        "sku": each.line.sku.code,
                        "parts": parts,
                        "is_declined": declined,
                        "note": note,
                    }
                )
        return found
