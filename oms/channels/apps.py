from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "oms.channels"
    label = "channels"

    def ready(self) -> None:
        """Let the schema know how keys are sent, and map what workers share before they fork."""
        from oms.channels.api import schema  # noqa: F401, PLC0415 (registers itself)
        from oms.core import buckets  # noqa: F401, PLC0415 (maps its pages)
