from django.db import models
from django.db.models import Q

from oms.core.ids import BlockIdField
from oms.messaging.states import Medium, NoticeLevel


class Wording(models.Model):
    """What a letter says in one language since `made_at`: the highest version is in force.

    One that `is_default` holds no words of its own: since then the letter says what its file says.
    """

    id = BlockIdField()
    letter = models.CharField(max_length=100)
    language = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    is_default = models.BooleanField(default=False)
    subject = models.CharField(max_length=300, blank=True, default="")
    text = models.TextField(blank=True, default="")
    sms = models.TextField(blank=True, default="")
    by = models.CharField(max_length=160)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "language", "version"], name="one_wording_per_version"
            ),
        ]
        permissions = [("edit_letters", "Can edit letters and switch them on and off")]

    def __str__(self) -> str:
        return f"{self.letter} {self.language} {self.version}"

    @property
    def who(self) -> str:
        """Who wrote it, by name."""
        return self.by.partition(":")[2]


class LetterSwitch(models.Model):
    """Whether a letter goes out through a medium, where a person has decided it."""

    letter = models.CharField(max_length=100)
    medium = models.CharField(max_length=8, choices=Medium)
    is_on = models.BooleanField()
    by = models.CharField(max_length=160)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "medium"], name="one_switch_per_medium"),
            models.CheckConstraint(
                condition=Q(medium__in=Medium.values), name="switch_medium_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} by {self.medium}: {'on' if self.is_on else 'off'}"


class TeamChat(models.Model):
    """The chat room of a team (a role): notices of `level` and above are posted to its address."""

    role = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=2000)
    level = models.CharField(max_length=16, choices=NoticeLevel, default=NoticeLevel.ATTENTION)
    by = models.CharField(max_length=160)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=NoticeLevel.values), name="chat_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.role
