from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.notifications.smtp import Sink, mail_server


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A mail server that the settings point to."""
    with mail_server() as sink:
        use_mail_server(settings, sink)
        yield sink


def use_mail_server(settings: Settings, sink: Sink) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_TIMEOUT = 5
