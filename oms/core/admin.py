"""People and roles, for administrators; facts and jobs, to look at."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from oms.core.models import EventRecord, Job, User
from oms.core.read_only_admin import ReadOnlyAdmin

admin.site.unregister(Group)
admin.site.site_header = admin.site.site_title = "Order desk, administration"


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """People: those who may change users give roles; only superusers give more than roles."""

    list_display = ("username", "email", "first_name", "last_name", "is_active", "role_names")
    list_filter = ("is_active", "is_staff", "groups")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request)
        return people.prefetch_related("groups")

    @admin.display(description="roles")
    def role_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        kept = tuple(super().get_readonly_fields(request, obj))
        if getattr(request.user, "is_superuser", False):
            return kept
        return (*kept, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser is changed by superusers only."""
        above = bool(obj and obj.is_superuser and not getattr(request.user, "is_superuser", False))
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted: what they did keeps their name. Make them inactive instead."""
        return False


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """Roles as `oms/roles.py` writes them: a change there is a change here, after a migration."""

    list_display = ("name",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "has_perm", bool)("core.change_user"))


@admin.register(EventRecord)
class EventRecordAdmin(ReadOnlyAdmin):
    list_display = ("happened_at", "name", "thread", "subject", "actor")
    search_fields = ("thread__exact",)
    ordering = ("-id",)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Jobs; retrying and skipping is done on the page "Jobs"."""

    list_display = ("kind", "key", "state", "attempts", "due_at", "last_error")
    list_filter = ("state", "kind")
    ordering = ("-id",)
