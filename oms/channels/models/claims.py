from django.db import models

from oms.core.ids import BlockIdField


class IdempotencyRecord(models.Model):
    """A key that was used, for what, and the answer that was given; a repeat gets it again."""

    id = BlockIdField()
    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "principal"], name="one_answer_per_principal_and_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"
