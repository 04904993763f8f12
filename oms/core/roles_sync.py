"""Roles as written in `oms/roles.py`, kept true in the database after every migration."""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS


class UnknownPermission(LookupError):
    """A role names a permission that no model declares."""


def write_roles(using: str = DEFAULT_DB_ALIAS) -> None:
    """Give each role exactly the permissions it is written with.

    Raises: UnknownPermission, in tests; elsewhere an unknown one is left out.
    """
    known = {
        f"{each.content_type.app_label}.{each.codename}": each
        for each in Permission.objects.using(using).select_related("content_type")
    }
    for role, named in settings.ROLES.items():
        missing = sorted(set(named) - set(known))
        if missing and settings.TESTING:
            raise UnknownPermission(f"{role}: {', '.join(missing)}")
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([known[each] for each in named if each in known])


def after_migration(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Write the roles once all apps are migrated; asked after each of them."""
    sender: AppConfig | None = kwargs.get("sender")
    last = [each for each in apps.get_app_configs() if each.models_module][-1]
    if sender is None or sender.label != last.label:
        return
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0, using=using)
    write_roles(using)
