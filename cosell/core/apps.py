from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "cosell.core"
    label = "core"

    def ready(self) -> None:
        from cosell.core import checks  # noqa: F401  (registers itself)
