"""The language that somebody reads, on pages and in mails."""

from django.conf import settings
from django.utils.translation import get_language

from partners.models import User


def keep_language(user: User, language: str) -> None:
    """Of all pages and mails, in each of their organisations."""
    user.language = language
    User.objects.filter(pk=user.pk).update(language=language)


def keep_first_language(user: User) -> None:
    """Mails come in the language of the pages, also for who never chooses one."""
    if user.language:
        return
    language = get_language() or settings.LANGUAGE_CODE
    if User.objects.filter(pk=user.pk, language="").update(language=language):
        user.language = language


def language_of(email: str) -> str:
    """Who has no account is written to in the language of who writes."""
    reader = User.objects.filter(email=email.lower()).exclude(language="").first()
    return reader.reading_language if reader else get_language() or settings.LANGUAGE_CODE
