"""Settings of a small installation whose background workers are hurt on purpose."""

from oms.settings import *  # noqa: F403

JOBS = {
    "letter": "tests.faults.background_jobs.LETTER",
    "bomb": "tests.faults.background_jobs.BOMB",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATICFILES_DIRS: list[str] = []
STATICFILES_FINDERS: list[str] = []
ROUTINES: dict[str, str] = {}
