"""Mails are in the language of whoever reads them (7.4)."""

from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from notifications.catalogue import CATALOGUE, DIGEST
from notifications.examples import example_of
from notifications.services import work_off
from partners.models import User
from tests.identity import as_owner
from tests.pseudo import WORD, untranslated_in
from tests.world import World, person_of_member

# What the examples are about, and where their links lead.
DATA = """
Frank Fischer Anna Kowalska Bob Baker Contoso Fabrikam Microsoft Nordwind Handel GmbH Hamburg
Niemcy Retail analytics SAP landscape to Azure Kaskada Logistyka Sp Self service portal Neusiedler
Energie AG Cold chain monitoring Ravenscroft Foods Ltd EUR CEST CO QX frank fabrikam example
Who of you knows point of sale data Our people are booked until January and Only
The customer asks for workshop in October Can we offer one
The contract does not name the solution
The order form that you sent us is dated two days later Please attach the page with the signatures
https desk contoso microsoft deals registration registrations inbound outbound stale mine notice
notifications preferences unsubscribe WhoSeMailThisIs AndItsSignature
Nora Nilsson Piotr Nowak nora nordic piotr Please use your new address tenants requests account
sessions Berlin Firefox Windows Claims Hub SOL ABCD Where is the demo solutions co sell
Claims handling for insurers Three insurers use it every day The solution is no longer sold
"""


@pytest.mark.django_db
def test_one_event_is_told_to_each_reader_in_their_language(world: World) -> None:
    with as_owner():
        User.objects.filter(pk=world.anna.user_id).update(language="pl")
    deal = world.deal(team=[person_of_member(world.anna), person_of_member(world.bob)])
    world.referral(deal)
    work_off(seconds=60)
    subjects = {one.to[0].partition(" <")[0].strip('"'): one.subject for one in mail.outbox}
    assert subjects["Anna Kowalska"] == "Wysłano zaproszenie do firmy Microsoft: Data platform"
    assert subjects["Bob Baker"] == "Invitation sent to Microsoft: Data platform"
    polish = next(one for one in mail.outbox if "anna@" in one.to[0])
    assert isinstance(polish, EmailMultiAlternatives)
    assert '<html lang="pl">' in str(polish.alternatives[0][0])


@pytest.mark.parametrize("kind", [*CATALOGUE, DIGEST])
def test_mail_says_nothing_untranslated(settings: Settings, pseudo_locale: Path, kind: str) -> None:
    settings.LOCALE_PATHS = [pseudo_locale]
    message = example_of(kind, language="pl")
    data = set(WORD.findall(DATA))
    for text in (str(message.subject), str(message.body), str(message.alternatives[0][0])):
        assert untranslated_in(text, data=data) == []
