"""Creating a deal step by step (3.1-3.12): steps are data, a draft keeps what was typed."""

from deals.views.wizard.pages import discard, new, resume, step
from deals.views.wizard.reviewing import review

__all__ = ["discard", "new", "resume", "review", "step"]
