from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "oms.alerts"
    label = "alerts"
