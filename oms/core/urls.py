"""The shell's own pages."""

from django.urls import path

from oms.core import health, home_views, jobs_views, shell_views, tour_views

app_name = "core"

urlpatterns = [
    path("", home_views.home, name="home"),
    path("jobs/", jobs_views.job_list, name="jobs"),
    path("jobs/<int:job_id>/retry/", jobs_views.settle, {"verb": "retry"}, name="retry-job"),
    path("jobs/<int:job_id>/skip/", jobs_views.settle, {"verb": "skip"}, name="skip-job"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("switch-location/", shell_views.switch_location, name="switch-location"),
    path("preferences/", shell_views.preferences, name="preferences"),
    path("tour/", tour_views.tour, name="tour"),
    path("tour/go/", tour_views.go, name="tour-go"),
    path("tour/leave/", tour_views.leave, name="tour-leave"),
    path("find/", shell_views.find_anything, name="find"),
    path("components/", shell_views.components, name="components"),
]
