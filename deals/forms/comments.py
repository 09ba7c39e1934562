"""What one writes about a deal, who may read it, and who of the team is told (5.7)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.models import LONGEST
from comments.remarks import audience_in_words, both_in_words
from partners.models import Membership
from referrals.models import Referral


class TextForm(forms.Form):
    body = forms.CharField(
        label=_("Comment"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something.")},
    )


def _new_form() -> str:
    return uuid4().hex


class CommentForm(TextForm):
    """Without a word about it, a comment stays inside the company.

    `form` tells a button pressed twice from somebody who says the same thing again.
    """

    form = forms.CharField(
        required=False, max_length=32, widget=forms.HiddenInput, initial=_new_form
    )
    to = forms.ChoiceField(
        label=_("Who can read it"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("This company reads no comments on this deal (any more).")
        },
    )
    mention = forms.MultipleChoiceField(
        label=_("Tell by mail"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Somebody you chose is not on the team any more.")},
    )

    def __init__(
        self,
        *args: Any,
        member: Membership,
        listeners: Sequence[Referral],
        team: Sequence[Membership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "comment-%s", **kwargs})
        self.listeners = {str(one.pk): one for one in listeners}
        self.audiences = [
            ("", audience_in_words(member.organization, None)),
            *((pk, _pair(member, one)) for pk, one in self.listeners.items()),
        ]
        self.colleagues = [one for one in team if one.user_id != member.user_id]
        self._choose("to", self.audiences)
        self._choose("mention", [(str(one.pk), one.user.full_name) for one in self.colleagues])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    @property
    def listener(self) -> Referral | None:
        return self.listeners.get(self.cleaned_data["to"])

    @property
    def mentioned(self) -> list[UUID]:
        return [UUID(pk) for pk in self.cleaned_data["mention"]]


def _pair(member: Membership, referral: Referral) -> str:
    theirs = (
        referral.recipient_name
        if referral.sender_id == member.organization_id
        else referral.sender_name
    )
    return both_in_words(member.organization.name, theirs)
