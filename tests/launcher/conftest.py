import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from launcher.layout import fallback_path
from tests.launcher.launched import Launched, clean_environment, copy_checkout, leftovers

NewCheckout = Callable[..., Path]


@pytest.fixture
def new_checkout() -> Iterator[NewCheckout]:
    """A copy of this checkout in a folder of its own. Everything that runs from it must be gone
    when the test ends."""
    made: list[Path] = []

    def make(name: str = "with spaces", *, parent_mode: int = 0o755) -> Path:
        parent = Path(tempfile.mkdtemp(prefix="cosell-checkout-", dir="/tmp"))
        made.append(parent)
        copy_checkout(parent / name)
        parent.chmod(parent_mode)
        made.append(fallback_path(parent / name))
        return parent / name

    yield make
    left = {str(parent): leftovers(parent) for parent in made}
    for parent in made:
        shutil.rmtree(parent, ignore_errors=not parent.exists())
    assert left == {str(parent): [] for parent in made}


@pytest.fixture
def launch() -> Iterator[Callable[..., Launched]]:
    with ExitStack() as stack:

        def start(checkout: Path, *arguments: str, **environ: str) -> Launched:
            launched = Launched(checkout, arguments, {**clean_environment(), **environ})
            stack.callback(launched.end)
            return launched

        yield start
