from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oms.channels.models import Channel
from oms.messaging.rules.facts import PUBLIC_FACTS


class EndpointForm(forms.Form):
    """Where events go, and which."""

    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        help_text=_("Begins with https://. It must be reachable from outside."),
    )
    description = forms.CharField(label=_("Name"), max_length=200, required=False)
    types = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(name, name) for name in PUBLIC_FACTS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class NewEndpointForm(EndpointForm):
    """An endpoint, and whose events it hears of: which never changes."""

    channel = forms.ModelChoiceField(
        label=_("Whose events"),
        queryset=Channel.objects.none(),
        required=False,
        empty_label=_("All channels and the warehouse"),
        to_field_name="slug",
    )
    field_order = ("url", "description", "channel", "types")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        field.queryset = Channel.objects.filter(is_active=True).order_by("name")

    def clean_channel(self) -> str:
        chosen = self.cleaned_data["channel"]
        return chosen.slug if chosen else ""


class SwitchOffForm(forms.Form):
    """Why an endpoint is not called any more."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class ReplayForm(forms.Form):
    """From which event on everything is sent again."""

    since = forms.IntegerField(
        label=_("From event number"),
        min_value=1,
        max_value=2**62,
        help_text=_("Also events it never got. Receivers know repeats by their name."),
    )
