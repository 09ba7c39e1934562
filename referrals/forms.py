"""The forms of answering: the team that accepts."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from deals.forms.people import PeopleFormSet


class AcceptingTeam(PeopleFormSet):
    """Whoever accepts is on the team (4.1)."""

    def clean(self) -> None:
        super().clean()
        email = self.member.user.email
        if email.lower() not in self.typed_emails:
            raise ValidationError(
                _("Stay on the team yourself (%(email)s): who accepts a deal works on it.")
                % {"email": email}
            )
