"""What a key may do: a view names its scope, or one per action."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from oms.channels.errors import ScopeMissing
from oms.channels.principals import Principal


class HasScope(BasePermission):
    """Reads `scope`, or `scopes[action]` where actions differ, from the view."""

    def has_permission(self, request: Request, view: Any) -> bool:
        principal: object = request.user
        if not isinstance(principal, Principal):
            raise NotAuthenticated
        wanted = getattr(view, "scopes", {}).get(getattr(view, "action", None)) or view.scope
        if not principal.may(wanted):
            raise ScopeMissing(scope=wanted)
        return True
