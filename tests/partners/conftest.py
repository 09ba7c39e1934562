"""Sign-in counts attempts in the cache: each test starts with none, and hashes quickly."""

import uuid

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_sign_in(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(uuid.uuid4()),
        }
    }
