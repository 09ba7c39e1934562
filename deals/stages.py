"""Sales stages and what they stand for (5.2, 5.3). Data only."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DealType(models.TextChoices):
    PRIVATE = "private", _("Private")
    P2P = "p2p", _("Partner to partner")
    CO_SELL = "co_sell", _("Co-sell")
    ASSESSMENT = "assessment", _("Solution assessment")


class StageCode(models.TextChoices):
    CREATED = "created", _("Created")
    ACCEPTED = "accepted", _("Accepted")
    QUALIFIED = "qualified", _("Qualified")
    DEVELOPED = "developed", _("Developed")
    PROPOSED = "proposed", _("Proposed")
    NEGOTIATED = "negotiated", _("Negotiated")
    ENGAGEMENT_LETTER = "engagement_letter", _("Letter of engagement secured")
    DATA_COLLECTED = "data_collected", _("Data collected")
    REPORT_PREPARED = "report_prepared", _("Assessment report prepared")
    PRESENTED = "presented", _("Presented to customer")
    WON = "won", _("Won")


@dataclass(frozen=True)
class Stage:
    code: StageCode
    percent: int
    definition: Promise

    @property
    def label(self) -> Promise | str:
        return self.code.label


_CREATED = Stage(StageCode.CREATED, 10, _("We created the deal."))
_ACCEPTED = Stage(StageCode.ACCEPTED, 10, _("We accepted the invitation."))
_WON = Stage(StageCode.WON, 100, _("The customer bought."))
_ASSESSED = Stage(StageCode.WON, 100, _("The assessment is complete."))

SALES_STAGES = (
    Stage(StageCode.QUALIFIED, 20, _("Value and the customer's needs are confirmed.")),
    Stage(
        StageCode.DEVELOPED, 40, _("Detailed needs are understood; concepts are being prepared.")
    ),
    Stage(StageCode.PROPOSED, 60, _("A formal proposal is with the customer.")),
    Stage(StageCode.NEGOTIATED, 80, _("Final terms are being negotiated.")),
)
ASSESSMENT_STAGES = (
    Stage(StageCode.ENGAGEMENT_LETTER, 20, _("The customer signed the letter of engagement.")),
    Stage(StageCode.DATA_COLLECTED, 40, _("The data for the assessment is collected.")),
    Stage(StageCode.REPORT_PREPARED, 60, _("The assessment report is prepared.")),
    Stage(StageCode.PRESENTED, 80, _("The report was presented to the customer.")),
)

# Every kind of deal has one stage of each percentage; the first one differs by direction.
FIRST_STAGES = {"outbound": _CREATED, "inbound": _ACCEPTED}
_BY_CODE = {
    stage.code: stage for stage in (_CREATED, _ACCEPTED, *SALES_STAGES, *ASSESSMENT_STAGES, _WON)
}


def codes_of(stages: Iterable[Stage]) -> list[StageCode]:
    return [stage.code for stage in stages]


def stage_of(code: str) -> Stage | None:
    """The stage with this code; None for a deal that is in no stage (not accepted yet)."""
    return _BY_CODE[StageCode(code)] if code else None


def markable_stages(deal_type: str) -> tuple[Stage, ...]:
    """The stages that people mark between the first one and Won, in order."""
    return ASSESSMENT_STAGES if deal_type == DealType.ASSESSMENT else SALES_STAGES


def stage_at(percent: str, deal_type: str, *, inbound: bool) -> Stage | None:
    """The stage of such a deal that stands for this percentage, as an address says it."""
    stages = lifecycle_stages(deal_type, inbound=inbound)
    return next((stage for stage in stages if str(stage.percent) == percent), None)


def lifecycle_stages(deal_type: str, *, inbound: bool) -> tuple[Stage, ...]:
    """Every stage of a deal from first to last."""
    won = _ASSESSED if deal_type == DealType.ASSESSMENT else _WON
    return (_ACCEPTED if inbound else _CREATED, *markable_stages(deal_type), won)
