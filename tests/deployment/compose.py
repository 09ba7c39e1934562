"""docker-compose.yml as data, with its variables filled in as Compose would."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\$|\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}")
OPERATOR = {"SITE_URL": "https://deals.example.com", "ALLOWED_HOSTS": "deals.example.com"} | {
    "EMAIL_URL": "console://"
}


def compose(environ: Mapping[str, str] = OPERATOR) -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(_filled_in(text, environ))
    return loaded


def image_paths() -> list[str]:
    """What .dockerignore lets into the image."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line[1:] for line in lines if line.startswith("!")]


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


def _filled_in(text: str, environ: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name, operator, default = match.groups()
        if name is None:
            return "$"
        if operator == "?" and not environ.get(name):
            raise KeyError(name)
        return environ.get(name) or default or ""

    return VARIABLE.sub(value, text)
