"""What staff may say of a rule book, checked for shape."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from babel.numbers import list_currencies
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.rules.routing import KIND, MOST_PARTS, RuleBook
from fulfillment.rules.writing import plain
from fulfillment.words_routing import KINDS, Names

NAME = 100
MOST_BYTES = 1_000_000

CONDITIONS = (
    "channels",
    "services",
    "tags",
    "countries",
    "postal_codes",
    "priority_at_least",
    "value_at_least",
    "value_below",
    "currency",
    "arrives_within_days",
)
LIMITS = (
    "max_distance_km",
    "keep_back",
    "has_capacity",
    "leaves_today",
    "in_time",
    "lot_days",
)
LIMITS_IN_TURN = (
    "max_distance_km",
    "keep_back",
    "lot_days",
    "has_capacity",
    "leaves_today",
    "in_time",
)
WEIGHTS = ("freight", "distance", "handling", "split", "late", "stock_out")


class WordsField(forms.CharField):
    """Words with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=1_000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else ", ".join(value)

    def clean(self, value: Any) -> list[str]:
        said = super().clean(value) or ""
        return list(dict.fromkeys(each.strip() for each in said.split(",") if each.strip()))


def _amount(label: Any, help_text: Any = "", **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=1_000_000,
        decimal_places=3,
        localize=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
        **kwargs,
    )


def _count(label: Any, help_text: Any = "", least: int = 0, most: int = 1_000) -> Any:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class InSections(forms.Form):
    """A long form, told apart by what its fields are about: a title, and their names."""

    SECTIONS: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]


class RoutingForm(InSections):
    """Which orders a routing is for, and what happens to what no step serves."""

    SECTIONS = (
        ("", ("name",)),
        (gettext_lazy("Where they come from"), ("channels", "tags", "services")),
        (gettext_lazy("Where they go"), ("countries", "postal_codes", "arrives_within_days")),
        (
            gettext_lazy("What they are worth"),
            ("value_at_least", "value_below", "currency", "priority_at_least"),
        ),
        (gettext_lazy("What no step serves"), ("rest", "cancel_after_days")),
    )

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME)
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: any channel."),
    )
    services = WordsField(
        label=gettext_lazy("Services"),
        help_text=gettext_lazy("As the channel calls them, such as express, with commas between."),
    )
    tags = WordsField(label=gettext_lazy("Tags"), help_text=gettext_lazy("One of them is enough."))
    countries = WordsField(
        label=gettext_lazy("Countries"), help_text=gettext_lazy("Two letters each: NL, BE.")
    )
    postal_codes = WordsField(
        label=gettext_lazy("Postal codes"), help_text=gettext_lazy("How they begin: 10, 11.")
    )
    value_at_least = _amount(gettext_lazy("Value of at least"))
    value_below = _amount(gettext_lazy("Value below"))
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        required=False,
        max_length=3,
        help_text=gettext_lazy("Needed where a value is said: EUR."),
    )
    priority_at_least = _count(gettext_lazy("Priority of at least"))
    arrives_within_days = _count(
        gettext_lazy("Promised within days"),
        gettext_lazy("Orders that are to arrive within so many days."),
    )
    rest = forms.ChoiceField(
        label=gettext_lazy("The rest"),
        choices=[
            ("wait", gettext_lazy("Waits for stock")),
            ("park", gettext_lazy("Is held for a person to decide")),
        ],
        widget=forms.RadioSelect,
        initial="wait",
    )
    cancel_after_days = _count(
        gettext_lazy("Called off after days"),
        gettext_lazy("Empty: it waits for as long as it takes."),
        least=1,
    )

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "channels", _known(names.channels.items(), self.initial.get("channels")))

    def clean_currency(self) -> str:
        said = str(self.cleaned_data["currency"]).strip().upper()
        if said and said not in list_currencies():
            raise ValidationError(_("%(code)s is no currency."), params={"code": said})
        return said

    def clean_countries(self) -> list[str]:
        return [each.upper() for each in self.cleaned_data["countries"]]

    @property
    def said(self) -> dict[str, Any]:
        """The routing as a document says it, without its steps."""
        found = self.cleaned_data
        row = {
            "name": found["name"],
            "when": _filled(found, CONDITIONS),
            "steps": [],
            "rest": found["rest"],
        }
        return {**row, **_filled(found, ("cancel_after_days",))}

    @staticmethod
    def initial_of(routing: dict[str, Any]) -> dict[str, Any]:
        plain_values = {name: routing.get(name) for name in ("name", "rest", "cancel_after_days")}
        return {**plain_values, **routing.get("when", {})}


class StepForm(InSections):
    """From where a step serves, how much, within which limits, and what is best."""

    SECTIONS = (
        ("", ("name",)),
        (gettext_lazy("Who is asked"), ("sources", *LIMITS_IN_TURN)),
        (gettext_lazy("How much it serves"), ("allocate", "parts", "part_value_at_least")),
        (gettext_lazy("What it costs: the least is best"), WEIGHTS),
    )

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME)
    sources = forms.MultipleChoiceField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: any location that serves orders."),
    )
    allocate = forms.ChoiceField(
        label=gettext_lazy("Serves"),
        choices=[
            ("all", gettext_lazy("Everything that is still open, or nothing")),
            ("part", gettext_lazy("What there is; the rest goes to the next step")),
        ],
        widget=forms.RadioSelect,
        initial="all",
    )
    parts = _count(
        gettext_lazy("From at most so many locations"), gettext_lazy("1: no split."), 1, MOST_PARTS
    )
    part_value_at_least = _amount(
        gettext_lazy("Each part worth at least"),
        gettext_lazy("In the currency of the order; counts when it is split."),
    )
    max_distance_km = _amount(gettext_lazy("At most so many km away"))
    keep_back = _count(
        gettext_lazy("Units of each SKU that stay there"),
        gettext_lazy("Above the safety stock."),
        most=1_000_000,
    )
    lot_days = _count(gettext_lazy("Lots keep for so many more days"), most=10_000)
    has_capacity = forms.BooleanField(
        label=gettext_lazy("Only with capacity left that day"), required=False
    )
    leaves_today = forms.BooleanField(
        label=gettext_lazy("Only if it can leave the same day"), required=False
    )
    in_time = forms.BooleanField(
        label=gettext_lazy("Only if it arrives by the promised day"), required=False
    )
    freight = _amount(gettext_lazy("Freight"), gettext_lazy("Times what it costs: usually 1."))
    distance = _amount(gettext_lazy("Every 10 km"))
    handling = _amount(gettext_lazy("Each parcel"))
    split = _amount(gettext_lazy("Each further location"))
    late = _amount(gettext_lazy("Each day late"))
    stock_out = _amount(gettext_lazy("Each unit below the reorder point"))

    def __init__(self, *args: Any, names: Names, book: RuleBook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(name, name) for name in book.groups]
        _choose(self, "sources", [*groups, *_places(names, self.initial.get("sources"), groups)])

    @property
    def said(self) -> dict[str, Any]:
        """The step as a document says it."""
        found = self.cleaned_data
        return {
            "name": found["name"],
            "from": found["sources"],
            "limits": _filled(found, LIMITS),
            "allocate": found["allocate"],
            "parts": found["parts"] or 1,
            **_filled(found, ("part_value_at_least",)),
            "weights": _filled(found, WEIGHTS),
        }

    @staticmethod
    def initial_of(step: dict[str, Any]) -> dict[str, Any]:
        plain_values = ("name", "allocate", "parts", "part_value_at_least")
        return {
            **{name: step[name] for name in plain_values if name in step},
            "sources": step.get("from", []),
            **step.get("limits", {}),
            **step.get("weights", {}),
        }


class GroupForm(forms.Form):
    """A name for several locations, so that steps can speak of them together."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME)
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Locations"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, names: Names, others: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._others = frozenset(others)
        _choose(self, "members", _places(names, self.initial.get("members"), []))

    def clean_name(self) -> str:
        said = str(self.cleaned_data["name"])
        if said in self._others:
            raise ValidationError(_("There is a group of this name already."))
        if said.startswith(KIND):
            raise ValidationError(_("A name does not begin with “kind:”."))
        return said


class RuleBookFileForm(forms.Form):
    """A rule book as a file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("JSON, as it is downloaded here."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/json,.json"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("No rule book is that long."))
        return file


class NoteForm(forms.Form):
    """Why a draft says what it says."""

    note = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Colleagues read it in the list of versions."),
    )


class DaysForm(forms.Form):
    """The days whose orders are decided once more."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("To, this day too"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", _("This is before the first day."))
        return found


Choices = Sequence[tuple[str, str]]


def _choose(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
    field.choices = list(choices)


def _places(names: Names, kept: Any, besides: Choices) -> Choices:
    kinds = [(KIND + kind, words().capitalize()) for kind, words in KINDS.items()]
    places = [(code, f"{name}, {code}") for code, name in names.locations.items()]
    known = {code for code, _name in besides}
    return _known([*kinds, *places], [each for each in kept or [] if each not in known])


def _known(choices: Iterable[tuple[str, str]], kept: Any) -> Choices:
    """What there is to choose from, and what was chosen before it was gone."""
    found = list(choices)
    known = {code for code, _name in found}
    return [*found, *((each, each) for each in kept or [] if each not in known)]


def _filled(found: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What was said, as a document says it; what was left empty is left out."""
    row = {}
    for name in names:
        value = found.get(name)
        if value in (None, "", [], False):
            continue
        row[name] = plain(value) if hasattr(value, "as_tuple") else value
    return row
