"""What an installation refuses to start with, besides a variable that cannot be read."""

from collections.abc import Sequence

from cosell.core.env import refusal


def check_keys(current: str, earlier: Sequence[str]) -> None:
    if current in earlier:
        raise refusal("SECRET_KEY_FALLBACKS", "holds SECRET_KEY itself", "keys that came before it")


def check_production(
    *, debug: bool, demo: bool, hosts: Sequence[str], key: str, earlier: Sequence[str]
) -> None:
    if debug:
        raise refusal("DEBUG", "must be false in production", "false")
    if demo:
        raise refusal("DEMO", "must be false in production", "false")
    if "*" in hosts:
        raise refusal("ALLOWED_HOSTS", "'*' answers to any name", "host names")
    for name, keys in (("SECRET_KEY", [key]), ("SECRET_KEY_FALLBACKS", earlier)):
        if any(_is_placeholder(one) for one in keys):
            raise refusal(name, "is a placeholder or too short", "50 or more random characters")


def check_entra(*, client_id: str, secret: str, authority: str, may_be_plain: bool) -> None:
    if bool(client_id) != bool(secret):
        raise refusal(
            "ENTRA_CLIENT_SECRET", "belongs to ENTRA_CLIENT_ID", "both or neither of the two"
        )
    if not may_be_plain and not authority.startswith("https://"):
        raise refusal("ENTRA_AUTHORITY", "is not safe", "an https address")


def _is_placeholder(secret: str) -> bool:
    return len(secret) < 50 or len(set(secret)) < 5 or "change" in secret.lower()
