"""`Authorization: Bearer KEY`, and nothing else: a key in an address ends up in logs."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from oms.channels.errors import PermissionMissing
from oms.channels.pacing import pace
from oms.channels.principals import Principal
from oms.channels.services import principal_of


class ApiKeyAuthentication(BaseAuthentication):
    """One query per request; a channel that calls too often is sent away.

    Raises: TooManyRequests.
    """

    def authenticate(self, request: Request) -> tuple[Principal, str] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        kind, _, key = header.partition(" ")
        if not header:
            return None
        if kind.lower() != "bearer" or not key.isascii() or not 20 <= len(key) <= 100:
            raise AuthenticationFailed("Send the key as: Authorization: Bearer KEY.")
        principal = principal_of(key=key)
        if principal is None:
            raise AuthenticationFailed("This key is not valid.")
        if principal.channel and principal.requests_per_minute:
            pace(
                principal.channel.pk,
                slug=principal.channel.slug,
                per_minute=principal.requests_per_minute,
                burst=principal.burst,
            )
        return principal, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def caller(request: Request) -> Principal:
    """Return who is calling: behind `HasScope` always the owner of a key."""
    principal: object = request.user
    if not isinstance(principal, Principal):
        raise AuthenticationFailed("Send a key as: Authorization: Bearer KEY.")
    return principal


def channel_of(principal: Principal, *, permission: str) -> int | None:
    """Return the channel that a key is limited to; None for a person who may see all of them.

    Raises: PermissionMissing.
    """
    if principal.channel:
        return principal.channel.pk
    if not principal.person.has_perm(permission):
        raise PermissionMissing(permission=permission)
    return None
