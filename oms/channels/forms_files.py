"""Which columns of a file say what, as a form: ours, with theirs beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms.core import tables
from oms.core.cells import BadCell
from oms.core.first_sight import Sight, doubts, settled
from oms.core.foreign import (
    COMMA,
    DAY_FIRST,
    ENCODINGS,
    MONTH_FIRST,
    POINT,
    Format,
    in_ours,
    kind_of,
)
from oms.core.imports import Importer
from oms.core.mapping import NOW, Source, Sources, every_column, missing

SAMPLES = 3
NONE = "-"
LONGEST_SAMPLE = 40
DELIMITERS = {",": gettext_lazy("Comma"), ";": gettext_lazy("Semicolon"), "\t": gettext_lazy("Tab")}
QUESTIONS = {
    "decimals": gettext_lazy("Say which: some numbers could be read both ways."),
    "dates": gettext_lazy("Say which: some dates could be read both ways."),
    "time_zone": gettext_lazy("Say which: some times do not name their zone."),
}
EXTRA = {
    "line_amount": gettext_lazy("price of the whole line, in place of unit_price"),
    "line_shipping": gettext_lazy("shipping of the line, added up for the order"),
}


@dataclass(frozen=True)
class Asked:
    """One of our columns, and how it is asked for."""

    name: str
    says: str
    is_needed: bool
    theirs: forms.BoundField
    further: forms.BoundField | None
    constant: forms.BoundField | None
    sample: str


class MappingForm(forms.Form):
    """Our columns, each with the column of theirs that says it, and how the file is written.

    What the cells prove is filled in; what they leave open has to be said.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        importer: Importer,
        sight: Sight,
        sources: Sources,
        told: Format,
        known_as: str,
    ) -> None:
        super().__init__(data)
        self._importer, self._sight, self._sources = importer, sight, sources
        self._columns = every_column(importer)
        for name, kind in self._kinds().items():
            self._add_column(name, kind, sources.get(name, Source()))
        self._add_format(settled(importer, sight, sources, told), known_as)

    def _kinds(self) -> dict[str, str]:
        return {name: kind_of(column) for name, column in self._columns.items()}

    def _add_column(self, name: str, kind: str, source: Source) -> None:
        headers = self._sight.headers
        choices = [("", NONE), *((str(nth), header) for nth, header in enumerate(headers))]
        at = [str(headers.index(each)) for each in source.headers if each in headers]
        self.fields[f"from_{name}"] = forms.ChoiceField(
            label=name,
            choices=choices,
            required=False,
            initial=at[0] if at else "",
            widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
        )
        if name == "name":
            self.fields[f"and_{name}"] = forms.ChoiceField(
                label=_("{column}, second part").format(column=name),
                choices=choices,
                required=False,
                initial=at[1] if len(at) > 1 else "",
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
        if name in self._importer.parts_by or name in self._importer.extra_columns:
            return
        if kind == "moment":
            self.fields[f"always_{name}"] = forms.ChoiceField(
                label=_("{column} of all rows").format(column=name),
                choices=[("", NONE), (NOW, _("when the file came"))],
                required=False,
                initial=source.constant,
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
            return
        self.fields[f"always_{name}"] = forms.CharField(
            label=_("{column} of all rows").format(column=name),
            required=False,
            max_length=200,
            initial=source.constant,
            widget=forms.TextInput(attrs={"class": "form-control form-control-sm"}),
        )

    def _add_format(self, told: Format, known_as: str) -> None:
        sight = self._sight
        pick = forms.Select(attrs={"class": "form-select"})
        if not sight.is_workbook:
            found = sight.told.encoding if sight.is_readable or self.is_bound else ""
            choices = [
                (key, word) for key, word in ENCODINGS.items() if not key.startswith("utf-16-")
            ]
            if found and found not in dict(choices):
                choices.append((found, ENCODINGS[found]))
            self.fields["encoding"] = forms.ChoiceField(
                label=_("Letters"),
                choices=[("", NONE), *choices],
                initial=found,
                error_messages={
                    "required": _("Say which: look whether the names below are spelled right.")
                },
                widget=pick,
            )
            self.fields["delimiter"] = forms.ChoiceField(
                label=_("Between columns"),
                choices=list(DELIMITERS.items()),
                initial=sight.told.delimiter,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        self.fields["decimals"] = forms.ChoiceField(
            label=_("Decimal mark"),
            choices=[("", NONE), (POINT, "1234.50"), (COMMA, "1234,50")],
            required=False,
            initial=told.decimals,
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.fields["dates"] = forms.ChoiceField(
            label=_("Dates with slashes or dots"),
            choices=[
                ("", NONE),
                (DAY_FIRST, _("day first: 31/12/2026")),
                (MONTH_FIRST, _("month first: 12/31/2026")),
            ],
            required=False,
            initial=told.dates,
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        zones = [(name, name) for name in sorted(available_timezones()) if "/" in name]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone of times that name none"),
            choices=[("", NONE), ("UTC", "UTC"), *zones],
            required=False,
            initial=told.time_zone,
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.fields["keep_as"] = forms.CharField(
            label=_("Keep this for files with the same headers, as"),
            help_text=_("They are looked at right away then. Leave it empty to keep nothing."),
            required=False,
            max_length=100,
            initial=known_as,
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in missing(self._importer, self.sources):
            self.add_error(f"from_{name}", self._what_to_do(name))
        for name, source in self.sources.items():
            if source.constant and source.constant != NOW:
                self._check_constant(name, source.constant)
        for name in doubts(self._importer, self._sight, self.sources, self.told):
            self.add_error(name, QUESTIONS[name])
        for name in self.errors:
            if name.startswith(("from_", "always_")):
                self.fields[name].widget.attrs["class"] += " is-invalid"
        return cleaned

    def _what_to_do(self, name: str) -> str:
        if f"always_{name}" in self.fields:
            return _("Choose the column that says it, or say it for all rows.")
        return _("Choose the column that says it.")

    def _check_constant(self, name: str, text: str) -> None:
        column = self._columns[name]
        try:
            said = in_ours(text, name, kind_of(column), self.told)
            column(tables.Row(1, {name: said}), name)
        except BadCell as bad:
            self.add_error(f"always_{name}", f"{bad.reason}.")

    @cached_property
    def sources(self) -> dict[str, Source]:
        """What was said, once the fields are clean."""
        found = {}
        for name in self._columns:
            said = [self.cleaned_data.get(f"{each}_{name}", "") for each in ("from", "and")]
            headers = tuple(self._sight.headers[int(each)] for each in said if each)
            constant = self.cleaned_data.get(f"always_{name}", "")
            if headers or constant:
                found[name] = Source(headers, constant)
        return found

    @cached_property
    def told(self) -> Format:
        said = {
            name: self.cleaned_data.get(name, "") for name in ("decimals", "dates", "time_zone")
        }
        return settled(self._importer, self._sight, self.sources, replace(self._sight.told, **said))

    def asked(self) -> Iterator[Asked]:
        """Our columns in the order in which they are asked for: those that are needed first."""
        needed = self._importer.required
        extra = [name for name in self._columns if name in self._importer.extra_columns]
        rest = [name for name in self._importer.columns if name not in needed]
        for name in (*needed, *extra, *rest):
            yield Asked(
                name,
                str(EXTRA.get(name, "")),
                name in needed,
                self[f"from_{name}"],
                self[f"and_{name}"] if f"and_{name}" in self.fields else None,
                self[f"always_{name}"] if f"always_{name}" in self.fields else None,
                self._sample(name),
            )

    def _sample(self, name: str) -> str:
        at = self[f"from_{name}"].value()
        if not at or not str(at).isdigit():
            return ""
        seen = dict.fromkeys(
            row[int(at)][:LONGEST_SAMPLE]
            for row in self._sight.rows
            if int(at) < len(row) and row[int(at)]
        )
        return " · ".join(list(seen)[:SAMPLES])

    def writing(self) -> list[forms.BoundField]:
        """How the file is written, and under which name that is kept."""
        names = ("encoding", "delimiter", "decimals", "dates", "time_zone", "keep_as")
        return [self[name] for name in names if name in self.fields]

    def unused(self) -> list[str]:
        """The columns of theirs that nothing of ours is read from."""
        used = {self[name].value() for name in self.fields if name.startswith(("from_", "and_"))}
        return [header for nth, header in enumerate(self._sight.headers) if str(nth) not in used]
