"""What staff may say in letters and where their chats are, checked for shape."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oms.messaging.states import NoticeLevel

LANGUAGES = {
    "en": _("English"),
    "nl": _("Dutch"),
    "de": _("German"),
    "fr": _("French"),
    "es": _("Spanish"),
    "it": _("Italian"),
    "pt": _("Portuguese"),
    "pl": _("Polish"),
    "da": _("Danish"),
    "sv": _("Swedish"),
}


class WordingForm(forms.Form):
    """What a letter says, and a real document to try it with."""

    subject = forms.CharField(label=_("Subject"), max_length=300)
    text = forms.CharField(
        label=_("Text"),
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 22, "class": "font-monospace", "spellcheck": "true"}),
    )
    sms = forms.CharField(
        label=_("SMS"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "font-monospace"}),
        help_text=_("Goes out where SMS is switched on and the customer has a telephone number."),
    )
    number = forms.CharField(required=False, max_length=32)
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sms: bool, example_of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sms:
            del self.fields["sms"]
        if example_of:
            self.fields["number"].label = _("Preview with a real one: its number")
            self.fields["number"].help_text = _(
                "%(what)s number, such as you see it in its list. Empty: the sample."
            ) % {"what": example_of}
        else:
            del self.fields["number"]

    @property
    def words(self) -> dict[str, str]:
        """The words alone, as the services take them."""
        return {
            name: self.cleaned_data[name]
            for name in ("subject", "text", "sms")
            if name in self.cleaned_data
        }


class ChatForm(forms.Form):
    """Where a team's notices are posted, and which."""

    url = forms.CharField(
        label=_("Address of the room"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=_("The incoming webhook of your chat. Empty: nothing is posted."),
    )
    level = forms.ChoiceField(
        label=_("From"), choices=NoticeLevel.choices, initial=NoticeLevel.ATTENTION
    )
