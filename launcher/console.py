"""What the launcher says, and the one way it gives up."""

import sys
from pathlib import Path


class Refusal(Exception):
    """The launcher cannot go on; the text is for the person at the terminal."""


def say(text: str) -> None:
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def tail(log: Path, lines: int = 25) -> str:
    if not log.exists():
        return ""
    text = log.read_text(encoding="utf-8", errors="replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
