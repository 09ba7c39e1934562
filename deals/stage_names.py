"""An organisation's own names of the standard stages: what they mean, and changing them (5.8).

Events keep the name as it was shown, so that a change of the map never changes history; other
companies see the standard names only.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.folding import folded
from deals.models import StageName
from deals.stages import Stage, StageCode
from partners.actors import Actor
from partners.models import OrganizationAccount
from partners.permissions import Permission

MAX_NAMES = 20
LONGEST = 60

# The first name of a stage is the one that pages show.
Names = Mapping[StageCode, Sequence[str]]


def shown_names(organization_id: UUID) -> dict[str, str]:
    """The own name of each stage that has one."""
    shown = StageName.objects.filter(organization_id=organization_id, is_shown=True)
    return dict(shown.values_list("stage", "name"))


def own_names(organization_id: UUID) -> dict[StageCode, list[str]]:
    """Every own name, the shown one of each stage first."""
    names: dict[StageCode, list[str]] = {}
    for row in StageName.objects.filter(organization_id=organization_id):
        names.setdefault(StageCode(row.stage), []).append(row.name)
    return names


def stage_for(organization_id: UUID, name: str) -> StageCode | None:
    """The standard stage that an import or API call means: an own name, else a standard one."""
    own = StageName.objects.filter(organization_id=organization_id, name__folded=folded(tidy(name)))
    found = own.values_list("stage", flat=True).first()
    return StageCode(found) if found else standard_stage(name)


def standard_stage(name: str) -> StageCode | None:
    """A standard stage by its code, or by its name in English or the reader's language."""
    wanted = tidy(name).casefold()
    for code in StageCode:
        with override("en"):
            english = str(code.label)
        if wanted in {code.value, english.casefold(), str(code.label).casefold()}:
            return code
    return None


def stage_in_words(stage: Stage, names: Mapping[str, str]) -> str:
    return names.get(stage.code) or str(stage.label)


def names_for_event(organization_id: UUID, **stages: str) -> dict[str, str]:
    """`stage_name="Discovery"` for `stage="qualified"`: what history keeps beside the codes."""
    names = shown_names(organization_id)
    return {f"{key}_name": names[code] for key, code in stages.items() if code in names}


def state_of(names: Names) -> str:
    """Tells whether two maps are the same, short enough for a form."""
    told = [f"{code}={'|'.join(names[code])}" for code in StageCode if names.get(code)]
    return sha256("\n".join(told).encode()).hexdigest()[:16]


@transaction.atomic
def set_stage_names(organization_id: UUID, *, actor: Actor, names: Names, seen: str) -> None:
    """Replace the whole map, unless it is no longer the one that the editor saw: then Stale."""
    if Permission.MANAGE_COMPANY not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow this."))
    # One editor of this company at a time: what is replaced may be no row at all.
    OrganizationAccount.objects.select_for_update(of=("self",)).get(pk=organization_id)
    if state_of(own_names(organization_id)) != seen:
        raise Stale("stage_names", _("Somebody else changed the stage names meanwhile."))
    check_names(names)
    StageName.objects.filter(organization_id=organization_id).delete()
    try:
        _write(organization_id, names)
    except IntegrityError as error:
        # Case and accents do not tell names apart; what they are is the database's to say.
        message = _("Two of the names differ only in case or accents.")
        raise Refused("stage_names", message) from error


@transaction.atomic
def _write(organization_id: UUID, names: Names) -> None:
    StageName.objects.bulk_create(
        StageName(organization_id=organization_id, stage=code, name=name, is_shown=not position)
        for code, some in names.items()
        for position, name in enumerate(some)
    )


def check_names(names: Names) -> None:
    """Refuses what would not mean exactly one stage; `field` is the stage's code."""
    taken: dict[str, StageCode] = {}
    for code, some in names.items():
        if len(some) > MAX_NAMES:
            raise _refused(code, _("At most %(max)s names for a stage.") % {"max": MAX_NAMES})
        for name in some:
            _check_name(code, name, taken)


def tidy(name: str) -> str:
    return " ".join(name.split())


def _check_name(code: StageCode, name: str, taken: dict[str, StageCode]) -> None:
    if not name or len(name) > LONGEST:
        raise _refused(code, _("A name has 1 to %(max)s characters.") % {"max": LONGEST})
    standard = standard_stage(name)
    if standard and standard != code:
        raise _refused(
            code, _("“%(name)s” is the standard name of another stage.") % {"name": name}
        )
    if taken.setdefault(name.casefold(), code) != code:
        raise _refused(code, _("“%(name)s” stands for two stages.") % {"name": name})


def _refused(code: StageCode, message: str) -> Refused:
    return Refused("stage_names", message, field=code)
