"""What speaks for two customers being one person, in words."""

from django.utils.translation import gettext_lazy as _

from oms.customers.rules import EMAIL, PHONE, PLACE

EVIDENCE = {
    EMAIL: _("same e-mail address"),
    PHONE: _("same telephone number and a similar name"),
    PLACE: _("same name and postal address"),
}
