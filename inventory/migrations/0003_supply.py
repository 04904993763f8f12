import django.db.models.deletion
import django.db.models.expressions
import oms.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
        ('inventory', '0002_ledger_only_grows'),
    ]

    operations = [
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(blank=True, default='', max_length=254)),
                ('language', models.CharField(default='en', max_length=8)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('lead_time_days', models.PositiveSmallIntegerField(default=7)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'permissions': [('change_supplier', 'Can change suppliers and what they supply')],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='reorder_up_to',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name='ReplenishmentOrder',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('status', models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('sent', 'Sent'), ('acknowledged', 'Acknowledged'), ('part_received', 'Part received'), ('received', 'Received'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], default='proposed', max_length=16)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('version', models.PositiveIntegerField(default=1)),
                ('link_revision', models.PositiveSmallIntegerField(default=1)),
                ('link_until', models.DateTimeField(blank=True, null=True)),
                ('expected_on', models.DateField(blank=True, null=True)),
                ('proposed_at', models.DateTimeField()),
                ('approved_by', models.CharField(blank=True, default='', max_length=160)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, default='', max_length=200)),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('supplier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.supplier')),
            ],
            options={
                'permissions': [('plan_replenishmentorder', 'Can propose and edit replenishment orders'), ('approve_replenishmentorder', 'Can approve replenishment orders'), ('send_replenishmentorder', 'Can send replenishment orders to suppliers'), ('receive_replenishmentorder', 'Can receive units from suppliers')],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='ReplenishmentLine',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('supplier_sku', models.CharField(blank=True, default='', max_length=64)),
                ('quantity', models.PositiveIntegerField()),
                ('unit_cost', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ('received', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('over', models.PositiveIntegerField(default=0)),
                ('is_edited', models.BooleanField(default=False)),
                ('is_declined', models.BooleanField(default=False)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer_note', models.CharField(blank=True, default='', max_length=500)),
                ('why', models.JSONField(blank=True, default=dict)),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='inventory.replenishmentorder')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('key', models.CharField(max_length=64, unique=True)),
                ('reference', models.CharField(blank=True, default='', max_length=64)),
                ('received_by', models.CharField(max_length=160)),
                ('received_at', models.DateTimeField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='inventory.replenishmentorder')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SupplierSku',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('supplier_sku', models.CharField(blank=True, default='', max_length=64)),
                ('cost', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('lead_time_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('minimum_quantity', models.PositiveIntegerField(default=1)),
                ('pack_size', models.PositiveIntegerField(default=1)),
                ('is_preferred', models.BooleanField(default=False)),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplies', to='inventory.supplier')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReceiptLine',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('accepted', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('reason', models.CharField(blank=True, choices=[('damaged', 'Damaged'), ('wrong', 'Not what we ordered'), ('expired', 'Too old'), ('other', 'Another reason')], default='', max_length=16)),
                ('promised_on', models.DateField(blank=True, null=True)),
                ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='inventory.receipt')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='arrivals', to='inventory.replenishmentline')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('accepted__gt', 0), ('rejected__gt', 0), _connector='OR'), name='something_came')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('received', models.PositiveIntegerField(default=0)),
                ('expected_on', models.DateField()),
                ('committed_by', models.CharField(max_length=160)),
                ('committed_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='inventory.replenishmentline')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('received__lte', models.F('quantity'))), name='committed_units_come_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='replenishmentline',
            constraint=models.UniqueConstraint(fields=('order', 'sku'), name='one_line_per_replenishment_and_sku'),
        ),
        migrations.AddConstraint(
            model_name='replenishmentline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('received__lte', django.db.models.expressions.CombinedExpression(models.F('quantity'), '+', models.F('over')))), name='no_unit_too_many_unless_confirmed'),
        ),
        migrations.AddIndex(
            model_name='replenishmentorder',
            index=models.Index(fields=['status', 'id'], name='replenishment_status'),
        ),
        migrations.AddIndex(
            model_name='replenishmentorder',
            index=models.Index(fields=['supplier', 'id'], name='replenishment_supplier'),
        ),
        migrations.AddIndex(
            model_name='replenishmentorder',
            index=models.Index(condition=models.Q(('status__in', ['proposed', 'approved', 'sent', 'acknowledged', 'part_received'])), fields=['location', 'id'], name='replenishment_open'),
        ),
        migrations.AddConstraint(
            model_name='replenishmentorder',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('supplier', 'location'), name='one_proposal_per_supplier_and_location'),
        ),
        migrations.AddConstraint(
            model_name='replenishmentorder',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'approved', 'sent', 'acknowledged', 'part_received', 'received', 'closed', 'cancelled'])), name='replenishment_status_known'),
        ),
        migrations.AddConstraint(
            model_name='suppliersku',
            constraint=models.UniqueConstraint(fields=('supplier', 'sku'), name='one_supply_per_supplier_and_sku'),
        ),
        migrations.AddConstraint(
            model_name='suppliersku',
            constraint=models.UniqueConstraint(condition=models.Q(('is_preferred', True)), fields=('sku',), name='one_preferred_supplier_per_sku'),
        ),
        migrations.AddConstraint(
            model_name='suppliersku',
            constraint=models.CheckConstraint(condition=models.Q(('minimum_quantity__gt', 0), ('pack_size__gt', 0)), name='supplied_in_whole_packs'),
        ),
    ]
