"""Mails with a link for a password: its body is made when it is sent; where it was asked for from, for limits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0006_locked_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingmail',
            name='asked_from',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='password_link',
            field=models.BooleanField(default=False),
        ),
    ]
