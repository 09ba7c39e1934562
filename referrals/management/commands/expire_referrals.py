"""Expires what is overdue now, as the periodic task does."""

from typing import Any

from django.core.management.base import BaseCommand

from referrals.services import expire_all_overdue


class Command(BaseCommand):
    help = "Expire invitations whose time to answer is over, and tell their senders."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{expire_all_overdue()} expired")
