"""What else happens when somebody signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from partners.language import keep_first_language
from partners.models import User


@receiver(user_logged_in)
def see_who_signs_in(user: User, **kwargs: Any) -> None:
    keep_first_language(user)
