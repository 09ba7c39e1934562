"""Tests rest as the app role without an organisation, as a request before it enters one does."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import translation

from cosell.core.tenancy import APP_ROLE
from tests.built_once import Once, opened_once
from tests.identity import resting, set_session_role
from tests.pseudo import write_pseudo_locale
from tests.world import World, build_world


def pytest_collection_finish() -> None:
    """What is there by now stays to the end; looking through it for garbage is in vain."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hashing one is slow on purpose."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick, *settings.PASSWORD_HASHERS]):
        yield


@pytest.fixture(autouse=True)
def _resting_identity(request: pytest.FixtureRequest) -> Iterator[None]:
    if "transactional_db" in request.fixturenames or _is_transactional(request):
        request.getfixturevalue("transactional_db")
        set_session_role(APP_ROLE)
        yield
        connection.ensure_connection()
        set_session_role("none")
        return
    if "db" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("db")
    with resting():
        yield


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def _resting_language() -> Iterator[None]:
    """What a request activates stays active in its thread, which here is that of all tests."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def pseudo_locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For `settings.LOCALE_PATHS`: Polish that shows what is not translated, and is long."""
    folder = tmp_path_factory.mktemp("pseudo") / "locale"
    write_pseudo_locale(folder)
    return folder


@pytest.fixture
def world(_resting_identity: None, request: pytest.FixtureRequest) -> World:
    if not _is_transactional(request):
        request.getfixturevalue("db")
    return build_world()


@pytest.fixture(scope="module")
def once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Once]:
    """Builds what all tests of a module look at; see `tests/built_once.py`."""
    with django_db_blocker.unblock(), opened_once() as build:
        yield build
