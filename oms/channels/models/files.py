from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from oms.channels.models.channels import Channel
from oms.channels.states import FileState


class FileImport(models.Model):
    """A file that somebody brought, and what becomes of it.

    `told` is how it writes letters, numbers and times, `sources` where our columns are found in
    it. `turn` counts how often it was begun anew, so that a worker of before changes nothing.
    `position` is the last part that is behind us in this turn, `done` its rows until there. The
    file and its rows go at `purged_at`, since they tell of people; this stays.
    """

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=40)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    name = models.CharField(max_length=100)
    file = models.FileField(upload_to="files/%Y/%m/", max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=FileState, default=FileState.ARRIVED)
    told = models.JSONField(default=dict)
    headers = models.JSONField(default=list)
    sources = models.JSONField(default=dict)
    known_as = models.CharField(max_length=100, blank=True, default="")
    skips_bad_rows = models.BooleanField(default=False)
    turn = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    is_read = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True, default="")
    brought_by = models.CharField(max_length=160)
    started_by = models.CharField(max_length=160, blank=True, default="")
    brought_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "kind", "channel"],
                name="one_import_of_a_file_under_way",
                condition=Q(state__in=["arrived", "checking", "checked", "writing", "stopped"]),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state__in=FileState.values), name="file_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "brought_at", "id"], name="file_kind_time"),
            models.Index(fields=["digest"], name="file_digest"),
            models.Index(fields=["brought_at"], name="file_to_purge", condition=Q(purged_at=None)),
        ]

    def __str__(self) -> str:
        return self.number


class FileRow(models.Model):
    """A row of a file as it stands there. `part` is the line on which the rows that it belongs to
    begin: they are written together."""

    file = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    part = models.PositiveIntegerField()
    cells = ArrayField(models.TextField())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["file", "part", "line"], name="one_row_per_line"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}"


class FileProblem(models.Model):
    """Why a row of a file is not taken in: the column, the reason, and what stands there."""

    file = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    part = models.PositiveIntegerField()
    column = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=500)
    text = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["file", "line", "id"], name="file_problem_line"),
            models.Index(fields=["file", "part"], name="file_problem_part"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class ColumnMapping(models.Model):
    """Where our columns are found in files of these headers, kept under a name; it is taken again
    when such a file comes. `signature` is what the headers say, whatever their order."""

    kind = models.CharField(max_length=40)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    name = models.CharField(max_length=100)
    signature = models.CharField(max_length=64)
    told = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    kept_by = models.CharField(max_length=160)
    kept_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel", "signature"],
                name="one_mapping_per_headers",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.name
