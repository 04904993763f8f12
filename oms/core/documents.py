"""Where a document that a ledger names is read: rooms below link to rooms above by its number."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from oms.core.models import User


def document_url(number: str, user: User) -> str:
    """Return the address of a document's page (`DOCUMENT_PAGES`); empty where there is none, or
    none that `user` may see."""
    prefix, dash, _rest = number.partition("-")
    page, permission, _part = settings.DOCUMENT_PAGES.get(prefix if dash else "", ("", "", ""))
    if not page or not user.has_perm(permission):
        return ""
    try:
        return reverse(page, args=[number])
    except NoReverseMatch:
        return ""
