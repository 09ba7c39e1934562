"""What a company tells about itself on its profile."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q

INDUSTRIES = [
    ("agriculture", "Agriculture and food"),
    ("construction", "Construction and real estate"),
    ("education", "Education"),
    ("energy", "Energy and utilities"),
    ("finance", "Banking and capital markets"),
    ("government", "Public sector"),
    ("health", "Health and life sciences"),
    ("hospitality", "Travel and hospitality"),
    ("insurance", "Insurance"),
    ("logistics", "Transport and logistics"),
    ("manufacturing", "Manufacturing"),
    ("media", "Media and telecommunications"),
    ("retail", "Retail and consumer goods"),
    ("services", "Professional services"),
]


class Migration(migrations.Migration):
    dependencies = [("partners", "0008_retired_locations")]

    operations = [
        migrations.AddField(
            "organization",
            "description",
            models.TextField(
                blank=True, default="", max_length=1000, verbose_name="what the company does"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "organization",
            "website",
            models.URLField(blank=True, default="", verbose_name="website"),
            preserve_default=False,
        ),
        migrations.AddField(
            "organization",
            "countries",
            ArrayField(models.CharField(max_length=2), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            "organization",
            "industries",
            ArrayField(
                models.CharField(choices=INDUSTRIES, max_length=20),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            "organization",
            models.CheckConstraint(
                condition=Q(website="") | Q(website__iregex="^https?://"),
                name="organization_website_is_http",
            ),
        ),
    ]
