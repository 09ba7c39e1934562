"""Talking about a deal, inside the company and with one counterpart (5.7)."""

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from comments.models import Comment, CommentVersion
from comments.services import edit_comment, write_comment
from cosell.core.errors import NotAllowed, Stale
from cosell.core.tenancy import APP_ROLE, database_identity
from deals.lifecycle import advance
from deals.models import CloseReason, Deal, DealEvent, EventKind
from deals.parts import Person
from deals.services import edit_team
from deals.timeline import PAGE
from deals.transitions import Name
from notifications.models import Notification
from notifications.services import resolve_notices, work_off
from partners.models import Membership
from referrals.models import Referral
from tests.built_once import Once
from tests.deals.pages import HTMX, address, as_, get, post, text
from tests.factories import SolutionContactFactory
from tests.identity import as_owner
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Scene:
    world: World
    deal: Deal
    referral: Referral
    accepted: Referral


@pytest.fixture(scope="module")
def scene_once(once: Once) -> Scene:
    return once(scene_in)


def scene_in(world: World) -> Scene:
    accepted = world.referral()
    world.accepted(accepted)
    for member in (world.anna, world.sam):
        as_(member)
    return Scene(world, staffed(world, world.bob), world.referral(), accepted)


@pytest.fixture
def scene(scene_once: Scene) -> Scene:
    return deepcopy(scene_once)


@pytest.fixture
def world(scene: Scene) -> World:
    return scene.world


@pytest.fixture
def deal(scene: Scene) -> Deal:
    """Of Anna and Bob, about which nobody else knows."""
    return scene.deal


@pytest.fixture
def referral(scene: Scene) -> Referral:
    """It waits for the vendor's answer."""
    return scene.referral


@pytest.fixture
def accepted(scene: Scene) -> Referral:
    return scene.accepted


def say(
    world: World, deal: Deal, body: str = "Hello", *, by: Membership | None = None, **given: Any
) -> Comment:
    by = by or world.anna
    with world.as_member(by):
        return write_comment(Deal.objects.get(pk=deal.pk), actor=by.actor, body=body, **given)


def staffed(world: World, *members: Membership) -> Deal:
    return world.deal(team=[person_of_member(one) for one in (world.anna, *members)])


def theirs(referral: Referral) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=referral.recipient_deal_id)


def events(deal: Deal) -> list[str]:
    with as_owner():
        return list(DealEvent.objects.filter(deal_id=deal.pk).values_list("kind", flat=True))


def told() -> set[tuple[str, str]]:
    while resolve_notices():
        pass
    with as_owner():
        kinds = (EventKind.MENTIONED, EventKind.COUNTERPART_COMMENTED)
        return set(Notification.objects.filter(kind__in=kinds).values_list("kind", "email"))


def test_comment_to_our_company_is_read_here_and_says_so(world: World, deal: Deal) -> None:
    response = post(world.anna, deal.pk, "comment", data={"body": "  First line\nsecond "})
    assert response.status_code == 302
    assert response["Location"] == f"{address(world.anna, deal.pk)}#timeline"
    for reader in (world.anna, world.bob, world.olga):
        page = text(get(reader, deal.pk))
        assert "First line\nsecond</p>" in page
        assert "</span>Only Contoso</span>" in page
    assert events(deal) == ["created", "commented"]


def test_shared_comment_is_read_by_exactly_two_companies(world: World, deal: Deal) -> None:
    vendors, partners = world.referral(deal), world.referral(deal, recipient=world.fabrikam)
    world.accepted(vendors)
    post(world.anna, deal.pk, "comment", data={"body": "For Redmond", "to": str(vendors.pk)})
    page = text(get(world.sam, vendors.recipient_deal_id))
    assert "For Redmond" in page
    assert "Anna Kowalska" in page
    assert "</span>Contoso and Microsoft</span>" in page
    assert "</span>Contoso and Microsoft</span>" in text(get(world.anna, deal.pk))
    assert "For Redmond" not in text(get(world.frank, partners.recipient_deal_id))
    assert events(deal)[-1] == "commented"
    assert events(theirs(vendors))[-1] == "counterpart_commented"
    assert "counterpart_commented" not in events(theirs(partners))


def test_recipient_answers_and_asks_before_answering_too(world: World, referral: Referral) -> None:
    received = theirs(referral)
    data = {"body": "Which region?", "to": str(referral.pk)}
    assert post(world.sam, received.pk, "comment", data=data).status_code == 302
    page = text(as_(world.anna).get(address(world.anna, referral.sender_deal_id)))
    assert "Which region?" in page
    assert "</span>Microsoft and Contoso</span>" in page
    assert told() == {("counterpart_commented", "anna@contoso.example")}


def test_other_sides_team_is_told_and_before_there_is_one_its_admins(world: World) -> None:
    referral = world.referral(staffed(world, world.bob))
    deal = Deal(pk=referral.sender_deal_id)
    say(world, deal, "Before", to=referral)
    assert told() == {
        ("counterpart_commented", "sam@microsoft.example"),
        ("counterpart_commented", "victor@microsoft.example"),
    }
    with as_owner():
        Notification.objects.all().delete()
    world.accepted(referral)
    say(world, deal, "After", to=referral)
    assert told() == {("counterpart_commented", "sam@microsoft.example")}


def test_what_the_other_side_says_reaches_nobody_without_access(world: World) -> None:
    freelancer = Person("Ela", "Freelance", "+48221234567", "ela@freelance.example")
    team = [person_of_member(world.anna), freelancer]
    referral = world.referral(world.deal(team=team), recipient=world.fabrikam)
    say(world, theirs(referral), by=world.frank, to=referral)
    assert told() == {("counterpart_commented", "anna@contoso.example")}
    with as_owner():
        Notification.objects.all().delete()
        Membership.objects.filter(pk=world.anna.pk).update(is_active=False)
    say(world, theirs(referral), by=world.frank, to=referral)
    # Nobody on the team has access any more: Piotr answers for the company, Ela only helps.
    assert told() == {("counterpart_commented", "piotr@contoso.example")}


def test_comment_is_not_mailed_to_contacts_of_solutions(world: World) -> None:
    referral = world.referral(recipient=world.fabrikam)
    SolutionContactFactory(solution=world.fabrikam.solution, email="suite@fabrikam.example")
    with as_owner():
        Membership.objects.filter(pk=world.frank.pk).update(is_active=False)
    say(world, Deal(pk=referral.sender_deal_id), to=referral)
    assert told() == set()


def test_mentioned_people_of_the_team_are_told_and_nobody_else(world: World) -> None:
    deal = staffed(world, world.bob, world.piotr)
    say(world, deal, "Ask @bob baker, not @Piotr Nowakowski or @Olga Wójcik")
    assert told() == {("mentioned", "bob@contoso.example")}
    say(world, deal, "And you", mentioned=[world.piotr.pk, world.olga.pk, world.sam.pk])
    assert told() == {("mentioned", "bob@contoso.example"), ("mentioned", "piotr@contoso.example")}
    say(world, deal, "Note to self, @Anna Kowalska")
    assert len(told()) == 2
    assert "Told by mail: Piotr Nowak" in text(get(world.anna, deal.pk))


def test_who_left_the_team_meanwhile_is_not_told(world: World, deal: Deal) -> None:
    say(world, deal, "@Bob Baker")
    with world.as_member(world.anna):
        now = Deal.objects.get(pk=deal.pk)
        team = [person_of_member(world.anna)]
        edit_team(now, actor=world.anna.actor, version=now.version, team=team)
    assert told() == set()


def test_button_pressed_twice_says_it_once_and_tells_once(world: World, referral: Referral) -> None:
    deal_id = referral.sender_deal_id
    found = re.search(r'name="form" value="(\w{32})"', text(get(world.anna, deal_id)))
    assert found
    sent = {"body": "Hello", "to": str(referral.pk), "form": found[1]}
    for data in (sent, sent, {**sent, "body": "Hello again"}, {**sent, "to": ""}):
        assert post(world.anna, deal_id, "comment", data=data).status_code == 302
    with as_owner():
        said = [(one.body, one.is_shared) for one in Comment.objects.order_by("at")]
    assert said == [("Hello", True), ("Hello again", True), ("Hello", False)]
    assert events(theirs(referral)).count("counterpart_commented") == 2
    # From a page of their own, the same words are another comment.
    post(world.anna, deal_id, "comment", data={**sent, "form": "0" * 32})
    with as_owner():
        assert Comment.objects.count() == 4


def test_mentions_are_chosen_from_the_team_without_script(world: World, deal: Deal) -> None:
    page = text(get(world.anna, deal.pk))
    assert f'name="mention" value="{world.bob.pk}"' in page
    assert str(world.olga.pk) not in page
    assert f'value="{world.anna.pk}"' not in page
    data = {"body": "Look", "mention": [str(world.bob.pk)]}
    assert post(world.anna, deal.pk, "comment", data=data).status_code == 302
    assert told() == {("mentioned", "bob@contoso.example")}


def test_company_only_comments_never_reach_the_other_side(world: World, deal: Deal) -> None:
    """Canaries of both companies, over all pages and mails of the other."""
    referral = world.referral(deal)
    received = world.accepted(referral)
    partner = world.referral(deal, recipient=world.fabrikam)
    comment = say(world, deal, "CANARY-OURS @Bob Baker")
    with world.as_member(world.anna):
        edit_comment(comment, actor=world.anna.actor, body="CANARY-EDITED")
    say(world, received, "CANARY-THEIRS", by=world.sam)
    say(world, deal, "Shared with CANARY-NAMES", to=referral, mentioned=[world.bob.pk])
    work_off(seconds=60)
    for show in ("", "comments", "changes"):
        vendor = text(as_(world.sam).get(address(world.sam, received.pk), {"show": show}))
        fabrikam = text(
            as_(world.frank).get(address(world.frank, partner.recipient_deal_id), {"show": show})
        )
        contoso = text(as_(world.anna).get(address(world.anna, deal.pk), {"show": show}))
        for canary in ("CANARY-OURS", "CANARY-EDITED", "Bob Baker"):
            assert canary not in vendor
        assert "CANARY" not in fabrikam
        assert "CANARY-THEIRS" not in contoso
        assert ("CANARY-THEIRS" in vendor) == (show != "changes")
        assert ("CANARY-EDITED" in contoso) == (show != "changes")
    by_company: dict[str, str] = {}
    for message in mail.outbox:
        company = message.to[0].rpartition("@")[2].strip(">")
        alternatives = getattr(message, "alternatives", [])
        body = f"{message.subject}{message.body}{''.join(str(one[0]) for one in alternatives)}"
        by_company[company] = by_company.get(company, "") + body
    assert "CANARY-EDITED" in by_company["contoso.example"]
    assert "CANARY-NAMES" in by_company["microsoft.example"]
    assert "CANARY-THEIRS" not in by_company["contoso.example"]
    for canary in ("CANARY-OURS", "CANARY-EDITED", "Bob Baker"):
        assert canary not in by_company["microsoft.example"]
    assert "CANARY" not in by_company.get("fabrikam.example", "")


def test_mails_say_who_wrote_what_and_who_reads_it(world: World) -> None:
    referral = world.referral(world.deal(name="Retail <b>analytics"))
    world.accepted(referral)
    say(world, Deal(pk=referral.sender_deal_id), "See <i>this</i>\nplease", to=referral)
    work_off(seconds=60)
    message = next(one for one in mail.outbox if "wrote to you" in one.subject)
    assert message.subject == "Contoso wrote to you: Retail <b>analytics"
    assert "Anna Kowalska of Contoso wrote:" in message.body
    assert "See <i>this</i>\nplease" in message.body
    assert "Who can read it: Contoso and Microsoft." in message.body
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]  # it has alternatives
    assert "See &lt;i&gt;this&lt;/i&gt;" in html
    assert f"/o/microsoft/deals/{referral.recipient_deal_id}/" in message.body


def test_mail_leads_to_the_comment_itself_however_much_was_said_since(
    world: World, deal: Deal
) -> None:
    comment = say(world, deal, "@Bob Baker, look")
    work_off(seconds=60)
    message = next(one for one in mail.outbox if "mentioned you" in one.subject)
    with as_owner():
        told = Notification.objects.get(membership=world.bob, kind=EventKind.MENTIONED)
    query = f"notice={told.pk}&show=comments&timeline=all"
    url = f"{address(world.bob, deal.pk)}?{query}#comment-{comment.pk}"
    assert url in message.body
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]  # it has alternatives
    assert escape(url) in html
    for number in range(PAGE + 1):
        say(world, deal, f"Word {number}")
    client = as_(world.bob)
    anchor = f'id="comment-{comment.pk}"'
    assert anchor in text(client.get(url))
    assert anchor not in text(client.get(address(world.bob, deal.pk)))


def test_observer_reads_and_cannot_comment(world: World, deal: Deal) -> None:
    say(world, deal, "Readable")
    page = text(get(world.olga, deal.pk))
    assert "Readable" in page
    assert "/comments/" not in page
    response = post(world.olga, deal.pk, "comment", data={"body": "No"})
    assert response.status_code == 403
    assert "Piotr Nowak" in text(response)
    with world.as_member(world.olga), pytest.raises(NotAllowed):
        write_comment(deal, actor=world.olga.actor, body="No")


WHOLE: dict[str, str] = {}
PART = {**HTMX, "HTTP_HX_TARGET": "timeline"}


@pytest.mark.parametrize(
    ("typed", "says", "extra"),
    [
        ({"body": "  "}, "Write something.", WHOLE),
        ({"body": "x" * 4001}, "at most 4000 characters", WHOLE),
        ({"body": "Kept", "to": str(uuid4())}, "This company reads no comments", WHOLE),
        ({"body": "Kept", "mention": str(uuid4())}, "not on the team any more", WHOLE),
        ({"body": "Kept", "mention": str(uuid4())}, "not on the team any more", PART),
    ],
)
def test_refused_comment_comes_back_with_what_was_typed(
    world: World, deal: Deal, typed: dict[str, str], says: str, extra: dict[str, str]
) -> None:
    response = post(world.anna, deal.pk, "comment", data=typed, **extra)
    assert response.status_code == 422
    page = text(response)
    assert says in page
    assert typed["body"].strip() in page
    assert ("<html" in page) == (not extra)
    with as_owner():
        assert not Comment.objects.exists()


def test_writing_by_htmx_answers_with_the_timeline_alone(world: World, deal: Deal) -> None:
    response = as_(world.anna).post(
        address(world.anna, deal.pk, "comment"), {"body": "Quick"}, follow=True,
        HTTP_HX_TARGET="timeline", **HTMX,
    )  # fmt: skip
    page = text(response)
    assert "Quick" in page
    assert "<html" not in page
    assert "Our progress" not in page


def close(world: World, deal: Deal, *, by: Membership | None = None) -> None:
    by = by or world.anna
    with world.as_member(by):
        now = Deal.objects.get(pk=deal.pk)
        advance(now, Name.LOSE, actor=by.actor, reason=CloseReason.BUDGET)


def test_closed_deal_keeps_its_comments_and_takes_no_more(world: World, deal: Deal) -> None:
    referral = world.referral(deal)
    received = world.accepted(referral)
    comment = say(world, deal, "Said in time", to=referral)
    close(world, deal)
    page = text(get(world.anna, deal.pk))
    assert "Said in time" in page
    assert "/comments/" not in page
    response = post(world.anna, deal.pk, "comment", data={"body": "Too late"})
    assert response.status_code == 409
    assert re.search(r"“Lost” since .*, by Anna Kowalska\.", text(response))
    assert "Too late</textarea>" in text(response)
    opened = get(world.anna, deal.pk, "edit_comment", comment.pk)
    assert opened.status_code == 409
    assert "“Lost” since" in text(opened)
    with world.as_member(world.anna), pytest.raises(Stale):
        edit_comment(comment, actor=world.anna.actor, body="Changed")
    with world.as_member(world.sam), pytest.raises(Stale, match="Contoso has ended its part"):
        write_comment(received, actor=world.sam.actor, body="Still there?", to=referral)
    say(world, received, "Among ourselves", by=world.sam)


def test_overdue_invitation_takes_no_comment_though_no_sweep_was_there(world: World) -> None:
    referral = world.overdue_referral()
    for deal, by in ((Deal(pk=referral.sender_deal_id), world.anna), (theirs(referral), world.sam)):
        with world.as_member(by), pytest.raises(Stale):
            write_comment(Deal.objects.get(pk=deal.pk), actor=by.actor, body="Late", to=referral)
    assert "and Microsoft" not in text(get(world.anna, referral.sender_deal_id))


def raw_comment(deal: Deal, **columns: Any) -> None:
    with transaction.atomic():
        Comment.objects.create(
            organization_id=deal.organization_id, deal_id=deal.pk, body="Raw", author_name="Raw",
            **columns,
        )  # fmt: skip


def test_database_refuses_comments_on_closed_deals_of_either_side(world: World, deal: Deal) -> None:
    referral = world.referral(deal)
    received = world.accepted(referral)
    close(world, received, by=world.sam)
    with world.as_member(world.sam), pytest.raises(IntegrityError, match="is closed"):
        raw_comment(received)
    shared = {"referral": referral, "counterpart_id": referral.recipient_id}
    with world.as_member(world.anna), pytest.raises(IntegrityError, match="does not share"):
        raw_comment(deal, **shared)
    with world.as_member(world.anna):
        raw_comment(deal)


def test_database_shares_a_comment_only_within_its_referral(world: World, deal: Deal) -> None:
    vendors, partners = world.referral(deal), world.referral(deal, recipient=world.fabrikam)
    other = world.referral()
    with world.as_member(world.anna):
        for wrong in (
            {"referral": vendors, "counterpart_id": partners.recipient_id},
            {"referral": other, "counterpart_id": other.recipient_id},
            {"counterpart_id": vendors.recipient_id},
            {"referral": vendors},
        ):
            with pytest.raises(IntegrityError):
                raw_comment(deal, **wrong)
        raw_comment(deal, referral=vendors, counterpart_id=vendors.recipient_id)


def test_only_the_author_edits_within_15_minutes_and_never_silently(
    world: World, accepted: Referral
) -> None:
    deal = Deal(pk=accepted.sender_deal_id)
    comment = say(world, deal, "First text", to=accepted)
    path = address(world.anna, deal.pk, "edit_comment", comment.pk)
    assert path in text(get(world.anna, deal.pk))
    assert path not in text(get(world.piotr, deal.pk))
    assert "First text</textarea>" in text(as_(world.anna).get(path))
    assert as_(world.anna).post(path, {"body": " "}).status_code == 422
    assert as_(world.anna).post(path, {"body": "Second text"}).status_code == 302
    assert as_(world.anna).post(path, {"body": "Third text"}).status_code == 302
    for reader, deal_id in ((world.anna, deal.pk), (world.sam, accepted.recipient_deal_id)):
        page = text(get(reader, deal_id))
        assert "Third text" in page
        assert "edited " in page
        assert page.index("First text") < page.index("Second text")
    other = get(world.piotr, deal.pk, "edit_comment", comment.pk)
    assert other.status_code == 404
    assert get(world.sam, accepted.recipient_deal_id, "edit_comment", comment.pk).status_code == 404


def test_text_is_fixed_after_15_minutes(world: World, deal: Deal) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=15, seconds=1)):
        comment = say(world, deal, "Old")
    path = address(world.anna, deal.pk, "edit_comment", comment.pk)
    assert path not in text(get(world.anna, deal.pk))
    opened = as_(world.anna).get(path)
    assert opened.status_code == 409
    assert "for 15 minutes" in text(opened)
    assert "<textarea" not in text(opened)
    response = as_(world.anna).post(path, {"body": "New"})
    assert response.status_code == 409
    assert "New</textarea>" in text(response)
    assert "for 15 minutes" in text(response)
    with as_owner():
        assert not CommentVersion.objects.exists()


def test_saving_the_same_text_is_no_edit(world: World, deal: Deal) -> None:
    comment = say(world, deal, "Same")
    with world.as_member(world.anna):
        assert edit_comment(comment, actor=world.anna.actor, body=" Same ").edited_at is None
    with as_owner():
        assert not CommentVersion.objects.exists()


def test_nobody_writes_for_others_and_nobody_rewrites_history(
    world: World, accepted: Referral
) -> None:
    comment = say(world, Deal(pk=accepted.sender_deal_id), "Ours", to=accepted)
    with world.as_member(world.anna), pytest.raises(NotAllowed):
        edit_comment(comment, actor=world.piotr.actor, body="Not mine")
    with world.as_member(world.sam):
        assert Comment.objects.filter(pk=comment.pk).exists()
        assert Comment.objects.filter(pk=comment.pk).update(body="Forged") == 0
        with pytest.raises(DatabaseError, match="row-level security"):
            raw_comment(Deal(pk=accepted.sender_deal_id, organization_id=world.contoso.pk))
    with world.as_member(world.mallory):
        assert not Comment.objects.exists()
    for change in (
        "DELETE FROM comments_comment",
        "UPDATE comments_comment SET counterpart_id = NULL",
        "UPDATE comments_comment SET edited_at = NULL",
        "UPDATE comments_commentversion SET body = ''",
        "DELETE FROM comments_commentversion",
    ):
        with (
            database_identity(APP_ROLE, organization=world.contoso.pk),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            cursor.execute(change)


def test_raw_edit_is_refused_after_15_minutes(world: World) -> None:
    comment = say(world, world.deal(), "Before")
    with as_owner():
        late = timezone.now() - timedelta(minutes=15, seconds=1)
        Comment.objects.filter(pk=comment.pk).update(at=late)
    with (
        world.as_member(world.anna),
        pytest.raises(IntegrityError, match="cannot be edited any more"),
        transaction.atomic(),
    ):
        Comment.objects.filter(pk=comment.pk).update(body="After")
    with as_owner():
        assert Comment.objects.filter(pk=comment.pk).update(body="Erased") == 1


def test_raw_edit_is_not_silent_either(world: World, deal: Deal) -> None:
    comment = say(world, deal, "Before")
    with world.as_member(world.anna):
        Comment.objects.filter(pk=comment.pk).update(body="After")
        comment.refresh_from_db()
        versions = [one.body for one in comment.versions.all()]
    assert comment.edited_at is not None
    assert versions == ["Before"]


def test_timeline_shows_all_comments_or_changes_and_the_address_keeps_it(
    world: World, deal: Deal
) -> None:
    say(world, deal, "A word")
    path = address(world.anna, deal.pk)

    def shown(query: str) -> tuple[bool, bool]:
        page = text(as_(world.anna).get(f"{path}{query}"))
        return "A word" in page, "</strong> created the deal" in page

    assert shown("") == shown("?show=nonsense") == (True, True)
    assert shown("?show=comments") == (True, False)
    assert shown("?show=changes") == (False, True)
    page = text(as_(world.anna).get(f"{path}?show=comments&from=outbound"))
    assert 'href="?show=changes&amp;from=outbound#timeline"' in page
    assert "comments/?show=comments&amp;from=outbound" in page
    response = as_(world.anna).post(f"{path}comments/?show=comments&from=outbound", {"body": "B"})
    assert response["Location"] == f"{path}?show=comments&from=outbound#timeline"
    response = as_(world.anna).post(f"{path}comments/?show=changes", {"body": "C"})
    assert response["Location"] == f"{path}#timeline"
    untold = address(world.anna, world.deal().pk)
    assert "Nothing of this kind" in text(as_(world.anna).get(f"{untold}?show=comments"))


def test_names_and_texts_are_never_markup(world: World, deal: Deal) -> None:
    say(world, deal, "<script>alert(1)</script> {{ deal.notes }}")
    page = text(get(world.anna, deal.pk))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ deal.notes }}" in page


def test_commenting_does_not_disturb_who_edits(world: World, deal: Deal) -> None:
    say(world, deal)
    with world.as_member(world.anna):
        team = [person_of_member(world.anna)]
        edit_team(deal, actor=world.anna.actor, version=deal.version, team=team)


@pytest.mark.parametrize("model", [Comment, CommentVersion])
def test_tables_have_no_writer_but_the_author(world: World, model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT policyname, cmd FROM pg_policies"
            " WHERE tablename = %s AND policyname LIKE 'app%%'",
            [model._meta.db_table],
        )
        assert dict(cursor.fetchall()) == {"app_rows": "ALL", "app_reads": "SELECT"}


def test_page_reads_as_often_for_many_comments_as_for_one(world: World, deal: Deal) -> None:
    referral = world.referral(deal)
    client, path, counts = as_(world.anna), address(world.anna, deal.pk), []
    for more in (1, 2):
        for _number in range(more):
            comment = say(world, deal, "@Bob Baker", to=referral)
            with world.as_member(world.anna):
                edit_comment(comment, actor=world.anna.actor, body="Edited")
        for url in (path, address(world.anna, deal.pk, "other_side", referral.pk)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
