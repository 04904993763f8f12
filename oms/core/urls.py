"""The shell's own pages."""

from django.urls import path

from oms.core import shell_views

app_name = "core"

urlpatterns = [
    path("switch-location/", shell_views.switch_location, name="switch-location"),
    path("preferences/", shell_views.preferences, name="preferences"),
    path("find/", shell_views.find_anything, name="find"),
    path("components/", shell_views.components, name="components"),
]
