"""Webhooks, for staff."""

from django.urls import path

from oms.messaging.views import webhook_acts, webhooks

app_name = "webhooks"
urlpatterns = [
    path("webhooks/", webhooks.endpoint_list, name="list"),
    path("webhooks/new/", webhook_acts.new, name="new"),
    path("webhooks/<str:endpoint>/", webhooks.detail, name="detail"),
    path("webhooks/<str:endpoint>/change/", webhook_acts.change, name="change"),
    path("webhooks/<str:endpoint>/secret/", webhook_acts.rotate, name="rotate"),
    path("webhooks/<str:endpoint>/switch-off/", webhook_acts.switch_off, name="switch-off"),
    path("webhooks/<str:endpoint>/switch-on/", webhook_acts.switch_on, name="switch-on"),
    path("webhooks/<str:endpoint>/remove/", webhook_acts.remove, name="remove"),
    path("webhooks/<str:endpoint>/ping/", webhook_acts.ping, name="ping"),
    path("webhooks/<str:endpoint>/replay/", webhook_acts.replay, name="replay"),
    path(
        "webhooks/<str:endpoint>/replay-failed/", webhook_acts.replay_failed, name="replay-failed"
    ),
    path("webhooks/<str:endpoint>/deliveries/<int:delivery>/", webhooks.delivery, name="delivery"),
    path(
        "webhooks/<str:endpoint>/deliveries/<int:delivery>/replay/",
        webhook_acts.replay_one,
        name="replay-one",
    ),
]
