"""How the archive of messages is narrowed."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.channels.rules.archiving import LONGEST_ORDER, LONGEST_TOPIC
from oms.channels.states import InboundState


class MessageFilterForm(forms.Form):
    """What is wrong in it narrows nothing."""

    order = forms.CharField(max_length=LONGEST_ORDER, required=False)
    channel = forms.ChoiceField(required=False)
    topic = forms.CharField(max_length=LONGEST_TOPIC, required=False)
    state = forms.ChoiceField(choices=[("", _("Any state")), *InboundState.choices], required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    def __init__(self, *args: Any, channels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"] = forms.ChoiceField(
            choices=[("", _("Any channel")), *channels], required=False
        )

    def narrowed(self) -> dict[str, Any]:
        """Return what `message_list` is asked with: days begin and end as their reader lives."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if "since" in said:
            said["since"] = _midnight(said["since"])
        if "until" in said:
            said["until"] = _midnight(said["until"] + timedelta(days=1))
        return said


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
