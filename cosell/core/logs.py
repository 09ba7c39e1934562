"""Log lines: JSON for machines, text for people; both carry what structlog binds."""

from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[*SHARED, ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def json_formatter() -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )


def text_formatter() -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            ProcessorFormatter.remove_processors_meta,
            # A prettier one shows the values of variables, which are nobody's to read here.
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
    )


def logging_settings(*, level: str, form: str) -> dict[str, Any]:
    """For Django's LOGGING: everything goes to standard error, as `json` or as `text`."""
    quiet = {"handlers": ["stderr"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "cosell.core.logs.json_formatter"},
            "text": {"()": "cosell.core.logs.text_formatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django": quiet, "django.server": quiet},
    }
