"""The product's settings without what makes it the product."""

from cosell.settings import *  # noqa: F403 (every name that is not replaced below)
from cosell.settings import env

ROOT_URLCONF = "bench.floor"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # allauth, whose backend the sessions name, does not start without it; it does next to nothing.
    "allauth.account.middleware.AccountMiddleware",
]
# With a pool as the web has; the process calls itself a command, for it signs in as the owner.
DATABASES = {"default": env.database("DATABASE_URL", pool=True)}
