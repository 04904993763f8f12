import django.db.models.deletion
import django.db.models.expressions
import oms.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_sku_picture'),
        ('inventory', '0003_supply'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32)),
                ('position', models.PositiveIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='Quant',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('bin', models.CharField(blank=True, default='', max_length=32)),
                ('lot', models.CharField(blank=True, default='', max_length=64)),
                ('state', models.CharField(choices=[('available', 'Available'), ('picked', 'Picked'), ('quality_control', 'Quality control'), ('damaged', 'Damaged'), ('quarantine', 'Quarantine')], default='available', max_length=16)),
                ('quantity', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16)),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('kind', models.CharField(choices=[('picking', 'Picking'), ('storage', 'Storage'), ('receiving', 'Receiving'), ('returns', 'Returns'), ('quarantine', 'Quarantine')], default='picking', max_length=16)),
                ('position', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='movement',
            name='one_movement_per_source',
        ),
        migrations.RemoveConstraint(
            model_name='stocklevel',
            name='never_promise_a_unit_twice',
        ),
        migrations.AddField(
            model_name='movement',
            name='state',
            field=models.CharField(choices=[('available', 'Available'), ('picked', 'Picked'), ('quality_control', 'Quality control'), ('damaged', 'Damaged'), ('quarantine', 'Quarantine')], db_default='available', default='available', max_length=16),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='held',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='movement',
            name='kind',
            field=models.CharField(choices=[('receive', 'Received'), ('reserve', 'Reserved'), ('release', 'Released'), ('pick', 'Picked'), ('put_back', 'Put back'), ('ship', 'Shipped'), ('restock', 'Restocked from a return'), ('adjust', 'Adjusted'), ('count', 'Counted'), ('move', 'Moved to another bin'), ('restate', 'Held or set free'), ('scrap', 'Scrapped'), ('transfer_out', 'Sent to another location'), ('transfer_in', 'Came from another location')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['ship', 'restock'])), fields=('source_id', 'kind', 'bin', 'lot', 'state'), name='one_movement_per_source'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('reserved__lte', django.db.models.expressions.CombinedExpression(models.F('on_hand'), '-', models.F('held')))), name='never_promise_a_unit_twice'),
        ),
        migrations.AddField(
            model_name='bin',
            name='location',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bins', to='inventory.location'),
        ),
        migrations.AddField(
            model_name='quant',
            name='level',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='quants', to='inventory.stocklevel'),
        ),
        migrations.AddField(
            model_name='quant',
            name='reservation',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='picked', to='inventory.reservation'),
        ),
        migrations.AddField(
            model_name='zone',
            name='location',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zones', to='inventory.location'),
        ),
        migrations.AddField(
            model_name='bin',
            name='zone',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bins', to='inventory.zone'),
        ),
        migrations.AddIndex(
            model_name='quant',
            index=models.Index(models.F('reservation'), condition=models.Q(('reservation__isnull', False)), name='quant_picked_for'),
        ),
        migrations.AddConstraint(
            model_name='quant',
            constraint=models.UniqueConstraint(fields=('level', 'bin', 'lot', 'state', 'reservation'), name='one_quant_per_place', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='quant',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='no_quant_of_nothing'),
        ),
        migrations.AddConstraint(
            model_name='quant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reservation__isnull', False), ('state', 'picked')), models.Q(models.Q(('state', 'picked'), _negated=True), ('reservation__isnull', True)), _connector='OR'), name='picked_for_somebody'),
        ),
        migrations.AddConstraint(
            model_name='zone',
            constraint=models.UniqueConstraint(fields=('location', 'code'), name='one_zone_per_code'),
        ),
        migrations.AddConstraint(
            model_name='bin',
            constraint=models.UniqueConstraint(fields=('location', 'code'), name='one_bin_per_code'),
        ),
    ]
