"""What staff may say of what channels are told, checked for shape."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.forms.stock import MOST_UNITS
from oms.channels.models import Channel


class ChannelBufferForm(forms.Form):
    """How many units a channel is not told of."""

    channel = forms.ChoiceField(label=_("Channel"))
    sku = forms.CharField(
        label=_("SKU"),
        max_length=64,
        required=False,
        help_text=_("Left empty: of every SKU that has no figure of its own here."),
    )
    units = forms.IntegerField(
        label=_("Units it is not told of"),
        min_value=0,
        max_value=MOST_UNITS,
        help_text=_("0 of a SKU: the channel is told of all of it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        if isinstance(field, forms.ChoiceField):
            active = Channel.objects.filter(is_active=True).order_by("name")
            field.choices = [(each.slug, each.name) for each in active]
