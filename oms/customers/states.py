"""What becomes of two customers who may be one person."""

from django.db import models


class MatchState(models.TextChoices):
    OPEN = "open", "Open"
    MERGED = "merged", "One person"
    DISMISSED = "dismissed", "Two people"
