from django.db import migrations, models
from django.db.models.deletion import PROTECT

import oms.core.ids

STATUSES = [
    ("requested", "Requested"),
    ("shipped", "In transit"),
    ("part_received", "Part received"),
    ("received", "Received"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
STATES = [
    ("available", "Available"),
    ("picked", "Picked"),
    ("quality_control", "Quality control"),
    ("damaged", "Damaged"),
    ("quarantine", "Quarantine"),
]


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_counts")]
    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("number", models.CharField(max_length=40, unique=True)),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "status",
                    models.CharField(choices=STATUSES, default="requested", max_length=16),
                ),
                ("expected_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                ("requested_by", models.CharField(max_length=160)),
                ("requested_at", models.DateTimeField()),
                ("shipped_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("plan_transfer", "Can request, cancel and close transfers"),
                    ("ship_transfer", "Can ship transfers to other locations"),
                    ("receive_transfer", "Can receive transfers from other locations"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["status", "id"], name="transfer_status"),
                    models.Index(fields=["source", "id"], name="transfer_source"),
                    models.Index(fields=["target", "id"], name="transfer_target"),
                    models.Index(
                        condition=models.Q(
                            ("status__in", ["requested", "shipped", "part_received"])
                        ),
                        fields=["id"],
                        name="transfer_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="transfer_to_another_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", [each for each, _ in STATUSES])),
                        name="transfer_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferLine",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("lot", models.CharField(blank=True, default="", max_length=64)),
                ("quantity", models.PositiveIntegerField()),
                ("shipped", models.PositiveIntegerField(default=0)),
                ("received", models.PositiveIntegerField(default=0)),
                ("over", models.PositiveIntegerField(default=0)),
                ("lost", models.PositiveIntegerField(default=0)),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="lines", to="inventory.transfer"
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="catalog.sku"),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=PROTECT,
                        related_name="+",
                        to="inventory.reservation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("transfer", "sku"), name="one_line_per_transfer_and_sku"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__gt", 0),
                            ("shipped__lte", models.F("quantity")),
                            ("over__lte", models.F("received")),
                            (
                                "received__lte",
                                models.F("shipped") + models.F("over") - models.F("lost"),
                            ),
                        ),
                        name="what_left_comes_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferStep",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ship", "Shipped"),
                            ("receive", "Received"),
                            ("lose", "Declared lost"),
                        ],
                        max_length=16,
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("done_by", models.CharField(max_length=160)),
                ("done_at", models.DateTimeField()),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="steps", to="inventory.transfer"
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="TransferEntry",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("lot", models.CharField(blank=True, default="", max_length=64)),
                ("units", models.PositiveIntegerField()),
                ("over", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(choices=STATES, default="available", max_length=16),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="entries", to="inventory.transferstep"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="entries", to="inventory.transferline"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("units__gt", 0), ("over__lte", models.F("units"))),
                        name="some_units_moved",
                    ),
                ],
            },
        ),
    ]
