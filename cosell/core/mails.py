"""What all HTML mails share."""

from functools import cache

import css_inline
from django.template.loader import render_to_string


def inline_styles(html: str) -> str:
    """Many mail programs know no style sheets; the rules for dark mode stay for those that do."""
    return _inliner().inline(html)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        extra_css=render_to_string("_mail.css"), keep_at_rules=True, load_remote_stylesheets=False
    )
