"""Invitations to join are the company's own."""

from django.db import migrations

from cosell.core.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_people_join")]

    operations = [
        TenantTable("JoinInvitation", same_organization=["membership"]),
        TenantTable("JoinInvitationLocation", same_organization=["invitation", "location"]),
    ]
