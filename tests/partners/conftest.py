"""Sign-in counts attempts in the cache: each test starts with none."""

import uuid

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_sign_in(settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(uuid.uuid4()),
        }
    }
