from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "oms.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from oms.core.roles_sync import after_migration  # noqa: PLC0415 (models are ready only now)

        post_migrate.connect(after_migration, dispatch_uid="oms.roles")
