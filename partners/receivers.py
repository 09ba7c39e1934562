"""What else happens when somebody signs in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import get_language

from partners.language import keep_language
from partners.models import User


@receiver(user_logged_in)
def keep_first_language(user: User, **kwargs: Any) -> None:
    """Mails come in the language of the pages, also for who never chooses one."""
    if not user.language:
        keep_language(user, get_language() or settings.LANGUAGE_CODE)
