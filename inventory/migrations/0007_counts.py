import django.db.models.deletion
import oms.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_sku_picture"),
        ("inventory", "0006_moving_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdjustmentLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3, unique=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="limit_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StockCount",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("number", models.CharField(max_length=40, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("counting", "Counting"),
                            ("counted", "Counted"),
                            ("investigating", "Investigating"),
                            ("approved", "Approved"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="requested",
                        max_length=16,
                    ),
                ),
                ("is_blind", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                ("recounts", models.PositiveSmallIntegerField(default=0)),
                ("requested_by", models.CharField(max_length=160)),
                ("requested_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("counted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=160)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("run_stockcount", "Can ask for stock counts and do them"),
                    ("approve_stockcount", "Can approve stock counts and ask for recounts"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CountLine",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("bin", models.CharField(blank=True, default="", max_length=32)),
                ("lot", models.CharField(blank=True, default="", max_length=64)),
                ("is_found", models.BooleanField(default=False)),
                ("is_open", models.BooleanField(default=True)),
                ("is_disturbed", models.BooleanField(default=False)),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("expected", models.PositiveIntegerField(null=True)),
                ("counted", models.PositiveIntegerField(null=True)),
                ("corrections", models.PositiveIntegerField(default=0)),
                ("counted_by", models.CharField(blank=True, default="", max_length=160)),
                ("counted_at", models.DateTimeField(null=True)),
                ("not_by", models.CharField(blank=True, default="", max_length=160)),
                ("first_expected", models.PositiveIntegerField(null=True)),
                ("first_counted", models.PositiveIntegerField(null=True)),
                ("first_by", models.CharField(blank=True, default="", max_length=160)),
                ("first_at", models.DateTimeField(null=True)),
                (
                    "level",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.stocklevel",
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.stockcount",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CountBin",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("code", models.CharField(blank=True, default="", max_length=32)),
                ("done_by", models.CharField(blank=True, default="", max_length=160)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bins",
                        to="inventory.stockcount",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AdjustmentRequest",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("number", models.CharField(max_length=40, unique=True)),
                ("quantity_delta", models.IntegerField(default=0)),
                ("bin", models.CharField(blank=True, default="", max_length=32)),
                ("lot", models.CharField(blank=True, default="", max_length=64)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("value", models.DecimalField(decimal_places=6, max_digits=24)),
                ("currency", models.CharField(max_length=3)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("asked_by", models.CharField(max_length=160)),
                ("asked_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, default="", max_length=160)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="inventory.stockcount",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("decide_adjustmentrequest", "Can approve what needs a second person")
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.AddIndex(
            model_name="stockcount",
            index=models.Index(fields=["status", "id"], name="count_status"),
        ),
        migrations.AddIndex(
            model_name="stockcount",
            index=models.Index(fields=["location", "id"], name="count_location"),
        ),
        migrations.AddConstraint(
            model_name="stockcount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "requested",
                            "counting",
                            "counted",
                            "investigating",
                            "approved",
                            "cancelled",
                        ],
                    )
                ),
                name="count_status_known",
            ),
        ),
        migrations.AddIndex(
            model_name="countline",
            index=models.Index(fields=["level", "bin", "counted_at"], name="count_line_place"),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.UniqueConstraint(
                fields=("count", "level", "bin", "lot"), name="one_line_per_counted_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)),
                fields=("level", "bin", "lot"),
                name="counted_in_one_count_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted__isnull", True), ("expected__isnull", True)),
                    models.Q(("counted__isnull", False), ("expected__isnull", False)),
                    _connector="OR",
                ),
                name="counted_against_the_books",
            ),
        ),
        migrations.AddConstraint(
            model_name="countbin",
            constraint=models.UniqueConstraint(fields=("count", "code"), name="counted_bin_once"),
        ),
        migrations.AddIndex(
            model_name="adjustmentrequest",
            index=models.Index(fields=["status", "id"], name="adjustment_status"),
        ),
        migrations.AddIndex(
            model_name="adjustmentrequest",
            index=models.Index(fields=["location", "id"], name="adjustment_location"),
        ),
        migrations.AddConstraint(
            model_name="adjustmentrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "waiting")),
                fields=("count",),
                name="one_waiting_request_per_count",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustmentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("count__isnull", False), ("sku__isnull", True)),
                    models.Q(("count__isnull", True), ("sku__isnull", False)),
                    _connector="OR",
                ),
                name="corrects_a_sku_or_a_count",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustmentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("asked_by")), _negated=True),
                name="decided_by_another",
            ),
        ),
    ]
