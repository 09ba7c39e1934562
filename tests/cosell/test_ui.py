"""What the template tags and shared fragments promise to every page."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from cosell.core.templatetags.ui import PILLS, words_left

NOW = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def _render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


class TeamForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    notes = forms.CharField(label="Notes", widget=forms.Textarea, max_length=20, required=False)
    reason = forms.ChoiceField(
        label="Reason", choices=[("a", "First"), ("b", "Second")], widget=forms.RadioSelect
    )
    consent = forms.BooleanField(label="Consent")


def test_icon_is_silent_unless_labelled() -> None:
    assert _render('{% icon "heart" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/icons/sprite.svg#heart"/></svg>'
    )
    labelled = _render('{% icon "lock" label=text size="s" %}', text='"<b>')
    assert 'class="icon icon-s" role="img" aria-label="&quot;&lt;b&gt;"' in labelled
    assert "aria-hidden" not in labelled


def test_icon_with_an_unknown_name_raises() -> None:
    with pytest.raises(ValueError, match="No icon named 'hart'"):
        _render('{% icon "hart" %}')


def test_every_pill_has_an_icon_and_escapes_its_word() -> None:
    for status in PILLS:
        html = _render("{% pill status label %}", status=status, label="<i>")
        assert "<svg" in html
        assert html.endswith("&lt;i&gt;</span>")


def test_status_nobody_foresaw_still_reads() -> None:
    assert "pill-grey" in _render('{% pill "odd" "Odd" %}')


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=2, hours=1, minutes=9), "2 days 1 hour left"),
        (timedelta(days=1), "1 day left"),
        (timedelta(hours=3, minutes=5), "3 hours 5 minutes left"),
        (timedelta(minutes=1), "1 minute left"),
        (timedelta(seconds=59), "Less than a minute left"),
        (timedelta(0), "Time is up"),
        (timedelta(days=-3), "Time is up"),
    ],
)
def test_time_left_is_said_in_its_two_largest_units(left: timedelta, words: str) -> None:
    assert words_left(left) == words


@pytest.mark.parametrize(
    ("left", "urgency"),
    [
        (timedelta(days=3, seconds=1), "time-left"),
        (timedelta(days=3), "time-left time-left-soon"),
        (timedelta(days=1, seconds=1), "time-left time-left-soon"),
        (timedelta(days=1), "time-left time-left-urgent"),
        (timedelta(0), "time-left time-left-urgent"),
    ],
)
def test_time_left_turns_amber_at_three_days_and_red_at_one(left: timedelta, urgency: str) -> None:
    with time_machine.travel(NOW, tick=False):
        html = _render("{% time_left deadline %}", deadline=NOW + left)
    assert f'class="{urgency}"' in html


def test_no_deadline_shows_nothing() -> None:
    assert _render("{% time_left None %}") == ""


@pytest.mark.parametrize(
    ("name", "initials"), [("Anna Maria Kowalska", "AK"), ("łucja", "Ł"), ("", "")]
)
def test_avatar_shows_first_and_last_initial(name: str, initials: str) -> None:
    assert f">{initials}</span>" in _render("{% avatar name %}", name=name)


def test_refused_field_is_tied_to_its_hint_and_error() -> None:
    form = TeamForm({"name": ""})
    html = render_to_string("_field.html", {"field": form["name"]})
    assert 'class="field is-invalid"' in html
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    for target in described[1].split():
        assert f'id="{target}"' in html


def test_choices_are_a_group_with_a_legend() -> None:
    html = render_to_string("_field.html", {"field": TeamForm()["reason"], "cards": True})
    assert '<legend class="field-label" id="id_reason"' in html
    assert html.count('class="choice choice-card"') == 2


def test_textarea_has_a_counter() -> None:
    html = render_to_string("_field.html", {"field": TeamForm()["notes"]})
    assert 'maxlength="20"' in html
    assert 'data-counts="id_notes"' in html


def test_error_summary_links_to_each_wrong_field() -> None:
    form = TeamForm({})
    html = render_to_string("_errors.html", {"form": form})
    links = re.findall(r'href="#([^"]+)"', html)
    assert links == ["id_name", "id_reason", "id_consent"]
    fields = "".join(render_to_string("_field.html", {"field": field}) for field in form)
    for link in links:
        assert f'id="{link}"' in fields


@pytest.mark.parametrize(
    ("level", "kind"),
    [(constants.ERROR, "danger"), (constants.SUCCESS, "success"), (constants.INFO, "info")],
)
def test_messages_become_banners(level: int, kind: str) -> None:
    message = {"level_tag": constants.DEFAULT_TAGS[level], "__str__": "x"}
    assert f"banner-{kind}" in render_to_string("_messages.html", {"messages": [message]})


@pytest.mark.parametrize("page", ["404.html", "500.html"])
def test_page_about_nobody_holds_no_token_person_or_address(page: str) -> None:
    request = RequestFactory().get("/o/contoso/deals/secret")
    with_request = render_to_string(page, {"user": "anna"}, request=request)
    assert with_request == render_to_string(page)
    for word in ("csrf", "contoso", "secret", "anna", "hx-"):
        assert word not in with_request


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_has_nothing_inline(template: Path) -> None:
    if template.name.startswith("body") or "mail" in template.parts:
        pytest.skip("a mail, not a page")
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=|javascript:|\shx-on", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
