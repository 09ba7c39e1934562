"""What currencies are worth, day by day: for totals over several of them."""

from django.db import models
from django.db.models import Q


class ExchangeRate(models.Model):
    """How many units of a currency one unit of the base buys; the base of a day is the same for
    all its rates, and which one it is does not matter. Nobody's own: the installation loads them.
    """

    date = models.DateField()
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["date", "currency"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="exchange_rate_is_iso_4217"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.rate} ({self.date})"
