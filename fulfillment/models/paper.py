from django.db import models
from django.db.models import Q

from fulfillment.models.waves import Wave
from fulfillment.states import PRINT_RUN, PaperKind, PrintState
from inventory.models import Location
from oms.core.ids import BlockIdField


class PrintRun(models.Model):
    """Papers of one kind that are made together in the background, part by part.

    `total` are the documents asked for, `done` those that are behind us, drawn or not;
    `problem` is why it stopped by itself.
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=PaperKind)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="papers", null=True)
    state = models.CharField(max_length=12, choices=PrintState, default=PrintState.DRAWING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, default="")
    asked_by = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PrintState.values), name="print_state_known"
            ),
            models.CheckConstraint(
                condition=Q(done__lte=models.F("total")), name="print_done_of_total"
            ),
        ]
        indexes = [models.Index(fields=["location", "id"], name="print_list")]
        default_permissions = ()

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        return PRINT_RUN.verbs(self.state)


class PrintPart(models.Model):
    """Some documents of a run in one PDF, and how often it was printed.

    `documents` are their numbers, `failed` those that could not be drawn, and why.
    """

    id = BlockIdField()
    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="parts")
    nth = models.PositiveSmallIntegerField()
    documents = models.JSONField()
    failed = models.JSONField(default=dict)
    file = models.FileField(upload_to="papers/%Y/%m/", max_length=200, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    printed = models.PositiveIntegerField(default=0)
    printed_by = models.CharField(max_length=160, blank=True, default="")
    printed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "nth"], name="print_parts_counted"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.run_id} part {self.nth}"

    @property
    def is_purged(self) -> bool:
        """Whether something was drawn, and is not kept any more."""
        return bool(self.made_at and not self.file and len(self.failed) < len(self.documents))
