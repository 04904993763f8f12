import django.contrib.postgres.indexes
import django.db.models.deletion
import oms.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("messaging", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letter', models.CharField(max_length=100)),
                ('medium', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('chat', 'Team chat')], max_length=8)),
                ('is_on', models.BooleanField()),
                ('by', models.CharField(max_length=160)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('key', models.CharField(max_length=160, unique=True)),
                ('level', models.CharField(choices=[('info', 'For your information'), ('attention', 'To look at'), ('urgent', 'To do now')], default='info', max_length=16)),
                ('subject', models.CharField(max_length=300)),
                ('text', models.TextField(blank=True, default='')),
                ('url', models.CharField(blank=True, default='', max_length=500)),
                ('thread', models.CharField(blank=True, default='', max_length=64)),
                ('audience', models.CharField(max_length=200)),
                ('by', models.CharField(max_length=160)),
                ('told_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='NoticeCopy',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='TeamChat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=64, unique=True)),
                ('url', models.CharField(max_length=2000)),
                ('level', models.CharField(choices=[('info', 'For your information'), ('attention', 'To look at'), ('urgent', 'To do now')], default='attention', max_length=16)),
                ('by', models.CharField(max_length=160)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('letter', models.CharField(max_length=100)),
                ('language', models.CharField(max_length=16)),
                ('version', models.PositiveIntegerField()),
                ('is_default', models.BooleanField(default=False)),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('text', models.TextField(blank=True, default='')),
                ('sms', models.TextField(blank=True, default='')),
                ('by', models.CharField(max_length=160)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'permissions': [('edit_letters', 'Can edit letters and switch them on and off')],
            },
        ),
        migrations.AlterModelOptions(
            name='message',
            options={'permissions': [('resend_message', 'Can send a message again')]},
        ),
        migrations.AddField(
            model_name='message',
            name='attachments',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='message',
            name='language',
            field=models.CharField(blank=True, default='', max_length=35),
        ),
        migrations.AddField(
            model_name='message',
            name='medium',
            field=models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('chat', 'Team chat')], default='email', max_length=8),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['medium', '-id'], name='message_medium'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['letter', '-id'], name='message_letter'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=django.contrib.postgres.indexes.GinIndex(fields=['recipients'], name='message_recipient', opclasses=['jsonb_path_ops']),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('medium__in', ['email', 'sms', 'chat'])), name='message_medium_known'),
        ),
        migrations.AddConstraint(
            model_name='letterswitch',
            constraint=models.UniqueConstraint(fields=('letter', 'medium'), name='one_switch_per_medium'),
        ),
        migrations.AddConstraint(
            model_name='letterswitch',
            constraint=models.CheckConstraint(condition=models.Q(('medium__in', ['email', 'sms', 'chat'])), name='switch_medium_known'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['info', 'attention', 'urgent'])), name='notice_level_known'),
        ),
        migrations.AddField(
            model_name='noticecopy',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='messaging.notice'),
        ),
        migrations.AddField(
            model_name='noticecopy',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='teamchat',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['info', 'attention', 'urgent'])), name='chat_level_known'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('letter', 'language', 'version'), name='one_wording_per_version'),
        ),
        migrations.AddIndex(
            model_name='noticecopy',
            index=models.Index(fields=['user', '-id'], name='notice_of_person'),
        ),
        migrations.AddIndex(
            model_name='noticecopy',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user', '-id'], name='notice_unread'),
        ),
        migrations.AddConstraint(
            model_name='noticecopy',
            constraint=models.UniqueConstraint(fields=('notice', 'user'), name='one_copy_per_person'),
        ),
    ]
