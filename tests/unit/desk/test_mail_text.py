"""What somebody wrote, without threads, signatures and formulas; e-mails as mail programs of both languages make them."""

import pytest

from desk.mail_text import read_mail, sentences

FRENCH = """Objet : RE: Facture P-91877

Bonjour Madame,

Il y a une erreur sur ma facture.
Pouvez-vous la corriger?

Cordialement,

Josée Lamontagne
Tél. : 450 555-0134

Le lun. 16 nov. 2026 à 09:12, PRIMUS <a@b.example> a écrit :
> Votre service pourrait être débranché.
"""
ENGLISH = """Subject: FW: Re: My bill

Hi there,

There is a mistake on my bill.

Thanks so much,
Beverly Stokes
T 905.555.0148

Sent from my iPhone

-----Original Message-----
From: PRIMUS
Sent: November 16
Your service may be disconnected.
"""


@pytest.mark.parametrize(
    ("text", "subject", "name", "phone"),
    [
        (FRENCH, "Facture P-91877", "Josée Lamontagne", "450 555-0134"),
        (ENGLISH, "My bill", "Beverly Stokes", "905.555.0148"),
    ],
)
def test_thread_signature_and_greeting_are_taken_off(text, subject, name, phone):
    mail = read_mail(text)
    assert mail.subject == subject
    assert mail.name == name
    assert phone in mail.own
    assert mail.body.split()[0] in ("Il", "There")
    assert "débranché" not in mail.own
    assert "disconnected" not in mail.own
    assert "Cordialement" not in mail.body


@pytest.mark.parametrize(
    "start",
    [
        "On Mon, Nov 16, 2026 at 8:02 AM PRIMUS <a@b.example> wrote:",
        "On Mon, Nov 16, 2026 at 8:02 AM PRIMUS Business Care\n<a@b.example> wrote:",
        "Le 16 novembre 2026, PRIMUS a écrit :",
        "---------- Message transféré ----------",
        "---------- Forwarded message ---------",
        "________________________________",
        "De : PRIMUS\nEnvoyé : lundi",
        "From: PRIMUS\nSent: Monday",
    ],
)
def test_a_thread_ends_where_the_words_of_others_begin(start):
    mail = read_mail(f"My own words stand here.\n\n{start}\nTheir words are urgent.")
    assert "own words" in mail.body
    assert "urgent" not in mail.own


def test_a_mail_that_only_forwards_is_read_for_what_it_forwards():
    mail = read_mail("FYI\n\n---------- Forwarded message ---------\nMy line is dead since Monday.")
    assert "line is dead" in mail.body


@pytest.mark.parametrize(
    "text", ["Bonjour ma ligne est morte", "Hi internet down", "Bonjour!", "hello, no dial tone here"]
)
def test_a_short_message_with_a_greeting_keeps_its_matter(text):
    assert read_mail(text).body == text


@pytest.mark.parametrize(
    "notice",
    ["AVIS DE CONFIDENTIALITÉ : ce message est urgent", "CONFIDENTIALITY NOTICE: this message is urgent"],
)
def test_a_notice_of_confidentiality_is_nobody_s_words(notice):
    assert "urgent" not in read_mail(f"Please send me my bill.\n\n{notice}").own


def test_thanks_in_the_middle_do_not_end_a_mail():
    mail = read_mail(
        "Merci\n\nJe voudrais aussi changer de forfait, et voici pourquoi.\n" + "Une ligne de plus.\n" * 15
    )
    assert "changer de forfait" in mail.body


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bonjour c'est Luc Roy de la commission scolaire", "Luc Roy"),
        ("hi this is Tina from Bright Smiles", "Tina"),
        ("my internet is down", None),
        ("Please call.\n\nRegards,\nAccounts Payable", None),
    ],
)
def test_who_writes_is_told_by_the_signature_or_by_themselves(text, name):
    assert read_mail(text).name == name


def test_a_voicemail_without_punctuation_is_cut_where_a_thought_begins():
    text = (
        "hi "
        + "my internet has been down since saturday night " * 3
        + "and i would like to pay my bill by card because it is due"
    )
    found = sentences(text)
    assert len(found) >= 2
    assert any(part.startswith("and i would like to pay") for part in found)


def test_lines_that_the_mail_program_broke_are_joined():
    text = "We would like to move our four telephone lines to our new office on\nKing Street in January."
    assert sentences(text) == [text.replace("\n", " ")]


@pytest.mark.parametrize(
    "text", ["", "   \n \n", "> only quoted\n> words", "Bonjour,", "Le a écrit :", "\n".join(["De : x"] * 50)]
)
def test_nothing_much_is_no_error(text):
    mail = read_mail(text)
    assert isinstance(mail.body, str)
    sentences(mail.body)


@pytest.mark.parametrize("closing", ["Au plaisir, josee@lamontagne.example", "Veuillez me joindre au 450 555-0134"])
def test_how_to_reach_the_writer_is_kept_from_the_line_that_closes(closing):
    mail = read_mail(f"Bonjour,\n\nMa facture compte un modem de trop.\n{closing}")
    assert closing in mail.own
