"""A file that somebody brings in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oms.channels.models import Channel
from oms.channels.rules.files import LARGEST_FILE


class TableForm(forms.Form):
    """A table of rows; `whose` asks for the channel that its documents belong to."""

    channel = forms.ModelChoiceField(
        label=_("Whose they are"),
        queryset=Channel.objects.filter(is_active=True).order_by("name"),
        to_field_name="slug",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, up to 50 MB. Its columns may have other names than ours."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, whose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not whose:
            del self.fields["channel"]

    @property
    def channel_slug(self) -> str:
        channel = self.cleaned_data.get("channel")
        return channel.slug if channel else ""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 50 MB."))
        return file
