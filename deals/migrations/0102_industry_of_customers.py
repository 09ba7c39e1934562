"""What the directory knows of a company's industry."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0101_registration_security")]

    operations = [
        migrations.AddField(
            "referencecustomer",
            "industry",
            models.CharField(
                blank=True,
                choices=[
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
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="industry",
            ),
        ),
    ]
