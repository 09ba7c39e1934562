"""Saying that a deal which went stale goes on."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deals.forms.details import DateField


class StillOpenForm(forms.Form):
    close_date = DateField(label=_("New close date"))

    def clean_close_date(self) -> date:
        chosen: date = self.cleaned_data["close_date"]
        if chosen < timezone.localdate():
            raise ValidationError(gettext("Choose a day from today on."))
        return chosen
