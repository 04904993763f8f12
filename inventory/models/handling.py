from django.db import models

from inventory.states import MovementKind
from oms.core.ids import BlockIdField


class Handling(models.Model):
    """Units were moved, held, set free or scrapped by hand; their ledger entries name this row.

    `key` makes the same form sent twice one.
    """

    id = BlockIdField()
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=MovementKind)
    done_by = models.CharField(max_length=160)
    done_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} by {self.done_by}"
