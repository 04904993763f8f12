import gc

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "oms.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from oms.core.roles_sync import after_migration  # noqa: PLC0415 (models are ready only now)

        post_migrate.connect(after_migration, dispatch_uid="oms.roles")
        _collect_rarely()


def _collect_rarely() -> None:
    """Leave what was imported out of garbage collection, and let it run a hundredth as often.

    Rows hold no circles, and a request for many orders makes tens of thousands of them: looking at
    all of them after every 700 took a third of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(70_000)
