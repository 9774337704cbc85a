"""The company's e-service profile: who is registered, who joins or leaves it, and which accounts it holds.

The number of an account never leaves the backend: it is only ever said back as the customer typed it. Whatever is wrong with a
number and a postal code, the answer is the same.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from actions.billing_client import BillingClient, BillingError, BillingRefused
from actions.form_events import AskAgain
from actions.listed import numbered
from actions.profile_fields import person_named
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import word


class Profile:
    """Each function says what it found or did. Raises BillingError where nothing was written yet."""

    def __init__(self, billing: BillingClient, specs: dict[str, RequestSpec]) -> None:
        self._billing = billing
        self._specs = specs

    async def register_eservice(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Registers a person on the account that a number and a postal code find: the first is the administrator."""
        body = {
            "account": details["other_account_number"],
            "postal_code": details["other_postal_code"],
            "name": details["full_name"],
            "email": details["registration_email"],
            "accept_terms": details["terms"] == "yes",
            "brand": turn.brand.id,
        }
        # The same person again in the same conversation is the same write: it hears the first answer.
        key = f"register_eservice:{turn.conversation}:{_digest(body)}"
        try:
            done = await self._billing.write(token, "POST", "/v1/eservice-registrations", body, key)
        except BillingRefused as refused:
            if refused.problem in ("account-not-found", "too-many-users"):
                self._not_registered(turn)
            self._say_refused(turn, refused)
        except BillingError:
            turn.say("utter_change_unknown")
        else:
            if not done["changed"]:
                self._not_registered(turn)
            turn.say(
                f"utter_registered_{done['role']}",
                done=done,
                name=details["full_name"],
                taken=str(done["users"]),
                most=str(done["most_users"]),
                reference=done["reference"],
            )

    def _not_registered(self, turn: Turn) -> NoReturn:
        """One answer for no such account, a full one and a person who is there already: number and postal code prove nothing, so
        nobody may learn from it that they go together. Raises AskAgain.
        """
        turn.say("utter_not_registered", most=str(1 + int(turn.brand.figures["secondary_users"])))
        raise AskAgain("other_account_number", "other_postal_code")

    async def room_for_account(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str] | None:
        """How many accounts the profile holds; None where it takes no other, said before a number is asked for."""
        found = await self._people(turn, token)
        if found is None:
            return None
        if found["accounts"] >= found["most_accounts"]:
            turn.say("utter_profile_full", most=str(found["most_accounts"]), choices=[turn.person])
            return None
        return {"accounts": str(found["accounts"]), "most_accounts": str(found["most_accounts"])}

    async def add_account(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Adds another account of the company to its profile."""
        number = details["other_account_number"]
        body = {"account": number, "postal_code": details["other_postal_code"]}
        done = await self._written(turn, token, "add_account", "/v1/profile-accounts", body, details)
        if done is None:
            return
        turn.say(
            "utter_account_added" if done["changed"] else "utter_account_added_already",
            done=done,
            number=number,
            accounts=str(done["accounts"]),
            most=str(done["most_accounts"]),
            reference=done["reference"] or "",
        )

    async def list_users(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Who is registered, in which role, and how many places are free. For the administrator alone."""
        found = await self._people(turn, token)
        if found is None:
            return
        if not found["users"]:
            choices = [self._specs["register_eservice"].choice(turn.language)]
            turn.say("utter_users_none", most=str(found["most_users"]), choices=choices)
            return
        self._say_users(turn, found)

    async def removable(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """The people whose access can be taken away, said where the message named none of them; None where nobody is registered."""
        found = await self._people(turn, token)
        if found is None:
            return None
        if not found["users"]:
            turn.say("utter_users_none_to_remove")
            return None
        people = {user["name"]: user["role"] for user in found["users"]}
        named = person_named(details["first_message"], people)
        if named:
            return {"people": people, "removed_person": named}
        self._say_users(turn, found, to_choose=True)
        return {"people": people}

    async def removal(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str] | None:
        """What the removal of a person means, and what it tells the person who does it; None for somebody of another account."""
        name = details["removed_person"]
        role = details["people"].get(name)
        if role is None:
            turn.say("utter_wrong_removed_person")
            return None
        role_word = word(f"roles.{role}", turn.language)
        return {
            "role": role_word,
            "consequence": word(f"removal.{role}", turn.language),
            "description": word("asked_of_people.remove_user", turn.language, name=name, role=role_word),
        }

    async def transfer(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str]:
        """What a change of owner tells the person who does it. Nothing is looked up: the number proves nothing."""
        said = details["names_and_date"]
        return {"description": word("asked_of_people.transfer_ownership", turn.language, said=said)}

    def _say_users(self, turn: Turn, found: dict[str, Any], to_choose: bool = False) -> None:
        lines = [
            word("user_line", turn.language, name=user["name"], role=word(f"roles.{user['role']}", turn.language))
            for user in found["users"]
        ]
        free = found["most_users"] - len(lines)
        count = "none" if free <= 0 else "one" if free == 1 else "some"
        turn.say(
            "utter_users",
            lines=numbered(lines) if to_choose else "\n".join(f"- {line}" for line in lines),
            free=word(f"free_places.{count}", turn.language, free=str(free), most=str(found["most_users"])),
        )

    async def _people(self, turn: Turn, token: str) -> Any:
        """What billing tells of the profile; None where it was said that only the administrator may hear it."""
        try:
            return await self._billing.get(token, "/v1/users")
        except BillingRefused as refused:
            self._say_refused(turn, refused)
            return None

    async def _written(
        self, turn: Turn, token: str, request: str, path: str, body: dict[str, Any], details: dict[str, Any]
    ) -> Any:
        """The answer to a write, done once for the message that asked for it; None where it was said why there is none."""
        key = f"{request}:{turn.conversation}:{details['key']}"
        try:
            return await self._billing.write(token, "POST", path, body, key)
        except BillingRefused as refused:
            self._say_refused(turn, refused, changing=True)
        except BillingError:
            turn.say("utter_change_unknown")
        return None

    def _say_refused(self, turn: Turn, refused: BillingRefused, changing: bool = False) -> None:
        """Why billing said no, with the way out. Raises AskAgain where a value was wrong, whichever of the two it was."""
        if refused.problem == "account-not-found" and changing:
            turn.say("utter_account_not_matched")
            raise AskAgain("other_account_number", "other_postal_code") from refused
        if refused.problem == "invalid-email":
            turn.say("utter_email_refused")
            raise AskAgain("registration_email") from refused
        if refused.problem == "profile-full":
            turn.say("utter_profile_full", most=str(refused.told["most"]), choices=[turn.person])
        elif refused.problem == "administrator-only":
            turn.say("utter_administrator_only", choices=[turn.person])
        else:
            turn.say("utter_change_refused", choices=[turn.person])


def _digest(body: dict[str, Any]) -> str:
    """What makes two writes the same."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]
