"""What staff may say of what is not out yet, checked for shape."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReleaseForm(forms.Form):
    """The day on which a SKU comes out."""

    release_on = forms.DateField(
        label=_("Comes out on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty: it is out now. Orders are taken before that day in any case."),
    )
