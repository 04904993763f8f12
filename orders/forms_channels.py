"""What staff enter about a channel."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oms.channels.models import Channel
from oms.channels.rules.connecting import Wiring
from oms.channels.services import Terms
from oms.channels.states import DEFAULT_SCOPES, Adapter, Scope, StockPolicy

Choices = Iterable[tuple[str, str | Promise]]

OVERLAPS = (
    ("24", _("For 24 hours")),
    ("1", _("For one hour")),
    ("168", _("For 7 days")),
    ("0", _("Not at all: it ends now")),
)


class TermsForm(forms.Form):
    """What is agreed with a channel."""

    name = forms.CharField(label=_("Name"), max_length=100)
    is_active = forms.BooleanField(
        label=_("Takes orders"),
        required=False,
        help_text=_("Off: its keys open nothing and its messages are refused."),
    )
    auto_confirm = forms.BooleanField(
        label=_("New orders go on by themselves"),
        required=False,
        help_text=_("Off: each waits under a review hold until somebody releases it."),
    )
    hold_until_paid = forms.BooleanField(label=_("Orders wait until they are paid"), required=False)
    unpaid_hours = forms.IntegerField(
        label=_("Cancel unpaid orders after so many hours"),
        min_value=0,
        max_value=24 * 90,
        help_text=_("0: never. The customer is told."),
    )
    live_since = forms.DateField(
        label=_("What left before this day is history"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Orders sent before it are kept as completed, without stock, work or letters."),
    )
    stock_policy = forms.ChoiceField(label=_("When stock is short"), choices=StockPolicy.choices)
    stock_seconds = forms.IntegerField(
        label=_("Tell it of changed availability, at most every so many seconds"),
        min_value=0,
        max_value=24 * 3600,
        help_text=_("0: it is not told. Its buffers are taken off before."),
    )
    requests_per_minute = forms.IntegerField(
        label=_("Requests a minute"), min_value=0, max_value=600_000, help_text=_("0: no limit.")
    )
    burst = forms.IntegerField(
        label=_("Requests at once"),
        min_value=0,
        max_value=600_000,
        help_text=_("How many may come together before the limit counts. 0: a minute's worth."),
    )
    verifies_emails = forms.BooleanField(
        label=_("It proves its customers' e-mail addresses"),
        required=False,
        help_text=_("Customers with the same proven address become one by themselves."),
    )
    allowed_services = forms.MultipleChoiceField(
        label=_("Services its parcels may go with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With none ticked, all."),
    )
    letters = forms.MultipleChoiceField(
        label=_("Letters its customers get from us"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Some marketplaces write to their customers themselves and forbid ours."),
    )

    def __init__(self, *args: Any, services: Choices, letters: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["allowed_services"].choices = services  # type: ignore[attr-defined]
        self.letter_keys = [key for key, _label in letters]
        self.fields["letters"].choices = letters  # type: ignore[attr-defined]
        if not self.fields["allowed_services"].choices:  # type: ignore[attr-defined]
            del self.fields["allowed_services"]

    @staticmethod
    def initial_of(channel: Channel, letters: Iterable[str]) -> dict[str, Any]:
        names = TermsForm.base_fields.keys() - {"letters"}
        off = set(channel.letters_off)
        wanted = [key for key in letters if key not in off]
        return {**{name: getattr(channel, name) for name in names}, "letters": wanted}

    def terms(self, channel: Channel) -> Terms:
        said = dict(self.cleaned_data)
        wanted = said.pop("letters")
        said["letters_off"] = tuple(key for key in self.letter_keys if key not in wanted)
        said["allowed_services"] = tuple(said.get("allowed_services", channel.allowed_services))
        return Terms(**said)


class NewChannelForm(forms.Form):
    """A channel that is opened."""

    name = forms.CharField(label=_("Name"), max_length=100)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=64,
        help_text=_("Lower-case letters, digits, - and _. It stands in addresses and stays."),
    )
    adapter = forms.ChoiceField(
        label=_("What it speaks"),
        choices=Adapter.choices,
        help_text=_("Native is our own API: for shops that can be made to speak it."),
    )
    secret = forms.CharField(
        label=_("Webhook secret"),
        max_length=2000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("What the channel signs its messages with. Empty: one is made."),
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug != slug.lower() or slug in RESERVED:
            raise forms.ValidationError(_("Use lower-case letters, digits, - and _."))
        return slug


RESERVED = frozenset(["new", "inbound", "keys", "archive", "messages", "orders", "skus"])


class ConnectionForm(forms.Form):
    """Where a channel is called, and with what."""

    base_url = forms.CharField(
        label=_("Address of the channel"),
        max_length=2000,
        required=False,
        help_text=_("Begins with https://. Empty: it is told nothing."),
    )
    is_on = forms.BooleanField(
        label=_("Tell it of shipments, refunds and stock"), required=False, initial=True
    )

    def __init__(self, *args: Any, wiring: Wiring, known: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_url"].widget.attrs["placeholder"] = wiring.base_url
        self.wiring = wiring
        kept = set(known)
        for each in wiring.credentials:
            self.fields[f"credential_{each.name}"] = forms.CharField(
                label=str(each.label),
                required=False,
                max_length=2000,
                strip=True,
                help_text=_("Kept, and not shown. Empty: it stays.")
                if each.name in kept
                else str(each.help),
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            )
        for each in wiring.options:
            words: dict[str, Any] = {
                "label": str(each.label),
                "required": False,
                "help_text": str(each.help),
            }
            self.fields[f"option_{each.name}"] = (
                forms.BooleanField(**words)
                if each.is_switch
                else forms.CharField(max_length=200, **words)
            )

    def said(self) -> dict[str, Any]:
        """What the service is called with."""
        given = self.cleaned_data
        return {
            "base_url": given["base_url"],
            "is_on": given["is_on"],
            "credentials": {e.name: given[f"credential_{e.name}"] for e in self.wiring.credentials},
            "options": {
                e.name: (given[f"option_{e.name}"] and "yes") or ""
                if e.is_switch
                else given[f"option_{e.name}"]
                for e in self.wiring.options
            },
        }


class OverlapForm(forms.Form):
    """How long what is replaced still counts."""

    overlap = forms.ChoiceField(label=_("The old one still counts"), choices=OVERLAPS)

    def clean_overlap(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["overlap"]))


class NewSecretForm(OverlapForm):
    secret = forms.CharField(
        label=_("The new secret"),
        max_length=2000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("As the channel has it. Empty: one is made and shown once."),
    )
    field_order = ("secret", "overlap")


class NewKeyForm(forms.Form):
    """A key, and what it may do."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=100,
        required=False,
        help_text=_("Such as: till in the store, accounting."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        initial=[str(each) for each in DEFAULT_SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
