from tests.notifications.conftest import sink

__all__ = ["sink"]
