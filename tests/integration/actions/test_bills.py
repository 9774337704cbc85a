"""Bills: explained against the one before, disputed through a person."""

import pytest
from sqlalchemy import delete, select

from billing.database import open_database
from billing.models import BillLineRow, BillRow
from billing.money import CAD

LAURIER = "1002003001"  # bills of 12, 42, 73, 104 and 134 days ago; three months are printed again
NO_BILLS = "0012345680"


@pytest.fixture
def set_lines(billing, tmp_path):
    """Gives a bill other lines: `await set_lines("W-40120", [("internet", "45.00")])`, each called by its key; and another total."""

    async def put(number, lines, total=None):
        database = open_database(f"sqlite+aiosqlite:///{tmp_path / 'billing.sqlite'}")
        async with database.writing() as session:
            bill = await session.scalar(select(BillRow).where(BillRow.number == number))
            await session.execute(delete(BillLineRow).where(BillLineRow.bill_id == bill.id))
            session.add_all(
                BillLineRow(
                    bill_id=bill.id,
                    position=place,
                    kind="service",
                    key=key,
                    description_fr=key,
                    description_en=key,
                    amount=CAD(amount),
                )
                for place, (key, amount) in enumerate(lines, start=1)
            )
            bill.total = CAD(total) if total else bill.total
        await database.close()

    return put


async def test_what_changed_is_told_before_what_did_not(talk, billing, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "explain_bill")
    assert conversation.names == ["utter_bill_explained_more"]
    assert {"fr": "84,52\u00a0$ de plus", "en": "$84.52 more"}[language] in conversation.text
    assert "P-90871" in conversation.text
    changed = {"fr": "Ce qui a changé", "en": "What changed"}[language]
    assert changed in conversation.text
    assert {"fr": "Appels interurbains", "en": "Long-distance calls"}[language] in conversation.text.split(changed)[1]
    assert len(conversation.text.split()) <= 95
    assert not conversation.open
    assert not billing.writes


async def test_new_and_gone_lines_are_called_so_and_unchanged_ones_come_last(talk, set_lines, language):
    await set_lines("W-40120", [("internet", "45.00"), ("static_ip", "6.69")])
    await set_lines("W-39001", [("internet", "45.00"), ("modem_rental", "6.69")])
    conversation = talk("50010002")
    await conversation.say("?", "explain_bill")
    assert conversation.names == ["utter_bill_explained_same"]
    lines = [line for line in conversation.text.splitlines() if line.startswith("- ")]
    assert [line.split()[1].rstrip(":") for line in lines] == ["static_ip", "modem_rental", "internet"]
    assert {"fr": "(nouveau)", "en": "(new)"}[language] in lines[0]
    assert {"fr": "retiré (c’était 6,69\u00a0$)", "en": "removed (it was $6.69)"}[language] in lines[1]


async def test_a_line_that_costs_less_is_said_to(talk, set_lines, language):
    await set_lines("W-40120", [("internet", "40.00")])
    await set_lines("W-39001", [("internet", "45.00")])
    conversation = talk("50010002")
    await conversation.say("?", "explain_bill")
    assert {"fr": "soit 5,00\u00a0$ de moins", "en": "down $5.00"}[language] in conversation.text


async def test_a_first_bill_is_only_read(talk, language):
    conversation = talk("1002003004")
    await conversation.say("?", "explain_bill")
    assert conversation.names == ["utter_bill_explained_new"]
    assert {"fr": "nouveau", "en": "(new)"}[language] not in conversation.text
    assert {"fr": "TVQ", "en": "QST"}[language] in conversation.text


async def test_an_account_without_bills_is_told_so(talk):
    for request in ("explain_bill", "reprint_bill", "latest_bill"):
        conversation = talk(NO_BILLS)
        await conversation.say("?", request)
        assert conversation.names == ["utter_no_bill"], request


@pytest.mark.parametrize(
    ("amount", "named"),
    [
        ("6.69", "utter_bill_amount_line"),
        ("5.00", "utter_bill_amount_change"),
        ("77.77", "utter_bill_amount_unknown"),
        ("46.69", None),  # the total, which is said anyway
    ],
)
async def test_an_amount_that_is_asked_about_is_found_first(talk, set_lines, language, amount, named):
    await set_lines("W-40120", [("internet", "40.00"), ("modem_rental", "6.69")], total="46.69")
    await set_lines("W-39001", [("internet", "45.00"), ("modem_rental", "6.69")], total="51.69")
    conversation = talk("50010002")
    said = {"fr": f"à quoi correspond {amount.replace('.', ',')} $", "en": f"what is the ${amount}"}[language]
    await conversation.say(said, "explain_bill")
    assert conversation.names == [*([named] if named else []), "utter_bill_explained_less"]


async def test_where_billing_is_away_nothing_is_told(talk, billing):
    conversation = talk(LAURIER)
    billing.down = True
    for request in ("explain_bill", "reprint_bill", "bill_adjustment"):
        await conversation.say(
            "la facture P-90871 compte deux fois le même modem en mars dernier 514 555-0123", request
        )
        assert conversation.names == ["utter_billing_unavailable"], request
    assert not conversation.gateway.opened


DISPUTE = {
    "fr": "on m'a chargé deux fois les appels interurbains de 12,50 $ alors que personne n'appelle jamais",
    "en": "you charged the long distance calls of $12.50 twice and nobody here ever makes any",
}


async def test_a_dispute_goes_to_billing_with_the_latest_bill_after_a_yes(talk, billing, language):
    conversation = talk(LAURIER)
    await conversation.say({"fr": "contester des frais", "en": "dispute a charge"}[language], "bill_adjustment")
    assert conversation.names == ["utter_question_description_adjustment"]
    await conversation.say(DISPUTE[language])
    assert conversation.names == ["utter_question_contact"]
    await conversation.say("comptes@laurier.example")
    assert conversation.names == ["utter_confirm_bill_adjustment"]
    assert "**P-90871**" in conversation.text
    assert {"fr": "184,52\u00a0$", "en": "$184.52"}[language] in conversation.text
    assert not conversation.gateway.opened
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_request_opened"]
    [opened] = conversation.gateway.opened
    assert (opened["kind"], opened["category"]) == ("bill_adjustment", "billing")
    assert opened["description"] == DISPUTE[language]
    assert opened["details"]["bill"] == "P-90871"
    assert not billing.writes


async def test_what_the_first_message_tells_is_not_asked_for(talk, language):
    conversation = talk(LAURIER)
    bill = {"fr": "facture P-88410, 514 555-0123", "en": "bill P-88410, 514 555-0123"}[language]
    await conversation.say(f"{DISPUTE[language]}, {bill}", "bill_adjustment")
    assert conversation.names == ["utter_confirm_bill_adjustment"]
    assert "**P-88410**" in conversation.text
    await conversation.say(conversation.buttons[0])
    assert conversation.gateway.opened[0]["details"]["amount"] == "12.50"


async def disputing(talk, language):
    conversation = talk(LAURIER)
    await conversation.say(DISPUTE[language], "bill_adjustment")
    await conversation.say("514 555-0123")
    assert conversation.names == ["utter_confirm_bill_adjustment"]
    return conversation


async def test_the_bill_is_put_right_at_the_question_by_number_and_by_month(talk, language):
    conversation = await disputing(talk, language)
    await conversation.say({"fr": "non, la facture P-86022", "en": "no, bill P-86022"}[language], "deny")
    assert "**P-86022**" in conversation.text
    await conversation.say(
        {"fr": "plutôt celle de janvier", "en": "rather the January one"}[language], "bill_adjustment"
    )
    assert "**P-88410**" in conversation.text
    await conversation.say({"fr": "facture P-99999", "en": "bill P-99999"}[language], "bill_adjustment")
    assert conversation.names == ["utter_bill_not_found_latest", "utter_confirm_bill_adjustment"]
    assert "**P-90871**" in conversation.text


async def test_a_no_opens_nothing(talk, language):
    conversation = await disputing(talk, language)
    await conversation.say(conversation.buttons[1])
    assert conversation.names == ["utter_not_confirmed"]
    assert not conversation.gateway.opened


async def test_a_contact_that_is_none_is_refused(talk, language):
    conversation = talk(LAURIER)
    await conversation.say(DISPUTE[language], "bill_adjustment")
    await conversation.say("55 12 333")
    assert conversation.names == ["utter_wrong_contact"]
    assert conversation.open


async def test_where_the_desk_is_away_it_is_said_that_no_request_is_open(talk, language):
    conversation = await disputing(talk, language)
    conversation.gateway.down = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_desk_unavailable", "utter_question_try_again"]
