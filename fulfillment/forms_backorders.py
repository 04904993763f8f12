"""What staff may say of the queue, checked for shape."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.selectors import Holder, Place, Policy
from fulfillment.states import QueueRule, ReallocationReason

MOST_UNITS = 99_999_999
AS_USUAL = "usual"


class PolicyForm(forms.Form):
    """Who is served first; a SKU may go by the rule of all."""

    rule = forms.ChoiceField(
        label=gettext_lazy("Who is served first"), widget=forms.RadioSelect(), choices=()
    )

    def __init__(self, *args: Any, policy: Policy, is_usual: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str]] = [(each.value, str(each.label)) for each in QueueRule]
        if not is_usual:
            usual = _("As usual: {rule}").format(rule=policy.usual.label)
            choices.insert(0, (AS_USUAL, usual))
        field = self.fields["rule"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        own = policy.is_own or is_usual
        self.initial.setdefault("rule", str(policy.rule) if own else AS_USUAL)

    @property
    def wanted(self) -> QueueRule | None:
        said = self.cleaned_data["rule"]
        return None if said == AS_USUAL else QueueRule(said)


class ReallocationForm(forms.Form):
    """Which units go from which work to which order, and why."""

    work = forms.ChoiceField(label=gettext_lazy("From"), choices=())
    taker = forms.ChoiceField(label=gettext_lazy("To"), choices=())
    units = forms.IntegerField(
        label=gettext_lazy("Units"), min_value=1, max_value=MOST_UNITS, initial=1
    )
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=ReallocationReason.choices)
    note = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Colleagues read this where the units were moved."),
    )

    def __init__(
        self, *args: Any, holders: Sequence[Holder], places: Sequence[Place], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        work, taker = self.fields["work"], self.fields["taker"]
        if isinstance(work, forms.ChoiceField):
            work.choices = [
                (
                    each.work.number,
                    _("{order} has {n} at {place} ({work})").format(
                        order=each.work.order.number,
                        n=each.units,
                        place=each.work.location.name,
                        work=each.work.number,
                    ),
                )
                for each in holders
            ]
        if isinstance(taker, forms.ChoiceField):
            taker.choices = [
                (
                    each.waiter.number,
                    _("{order} waits for {n}, place {at}").format(
                        order=each.waiter.number, n=each.waiter.units, at=each.position
                    ),
                )
                for each in _once(places)
            ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("reason") == ReallocationReason.OTHER and not said.get("note"):
            self.add_error("note", _("Say which reason it is."))
        return said


def _once(places: Sequence[Place]) -> list[Place]:
    """An order that waits on several lines is named once."""
    return list({each.waiter.number: each for each in reversed(places)}.values())[::-1]
