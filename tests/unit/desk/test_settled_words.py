"""What customers say when their matter is settled, and when it is not; all else says nothing."""

import pytest

from desk.settled_words import says_settled

SETTLED = [
    "C’est réglé, merci!",
    "c'est regle merci",
    "Parfait, tout est réglé",
    "Mon problème est résolu",
    "ça fonctionne maintenant, merci",
    "Ça marche de nouveau!",
    "La ligne fonctionne bien maintenant",
    "Cela m’a beaucoup aidé",
    "that solved it, thanks",
    "It’s fixed now",
    "the problem is resolved",
    "It works now. Thank you",
    "all fixed",
    "everything is working again",
    "it's all sorted out",
]
NOT_SETTLED = [
    "Ce n’est pas réglé",
    "c'est toujours pas réglé",
    "ça ne fonctionne toujours pas",
    "ca marche pas encore",
    "Le problème n’est pas résolu",
    "It's not fixed",
    "still not working",
    "that didn’t help",
    "it works now but my line is still down",
]
NOTHING = [
    "merci",
    "ok parfait",
    "c’est bon",
    "C’est réglé?",
    "Si c’est réglé demain je serai content",
    "quand ce sera réglé, appelez-moi",
    "dites-moi si le problème est réglé",
    "est-ce que le solde est réglé",
    "le paiement est réglé par carte",
    "je veux régler ma facture",
    "ça m’a coûté cher",
    "thanks!",
    "is it fixed?",
    "when it's fixed let me know",
    "how long until this is resolved",
    "I want this resolved",
    "my balance is paid",
    "",
    "c’est réglé " * 60,
]


@pytest.mark.parametrize("text", SETTLED)
def test_who_says_that_it_is_settled_is_believed(text):
    assert says_settled(text) is True


@pytest.mark.parametrize("text", NOT_SETTLED)
def test_who_says_that_it_is_not_settled_is_believed_too(text):
    assert says_settled(text) is False


@pytest.mark.parametrize("text", NOTHING)
def test_thanks_questions_and_suppositions_are_no_evidence(text):
    assert says_settled(text) is None
