"""Tokens: who is let in, and as whom."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from billing.tokens import Customer, Locator, NotVerified, TokenRefused, Visitor, read_token

SECRET = "c0ffee" * 8
NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)
CLAIMS = {
    "aud": "billing",
    "exp": int((NOW + timedelta(minutes=1)).timestamp()),
    "scope": "account",
    "brand": "primus",
    "account": "1002-003-001",
    "role": "administrator",
    "conversation": "c-1",
    "level": "verified",
}


def sign(secret=SECRET, algorithm="HS256", without=(), **changes):
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if name not in without}
    return jwt.encode(claims, secret, algorithm=algorithm)


def read(token):
    return read_token(token, secret=SECRET, now=NOW)


def test_an_account_token_speaks_for_one_customer():
    assert read(sign()) == Customer("primus", "1002003001", "administrator", "c-1")


@pytest.mark.parametrize("role", ["administrator", "holder", "secondary"])
def test_a_token_may_name_the_role_of_its_customer(role):
    assert read(sign(role=role)).role == role


def test_a_token_without_a_role_speaks_for_the_administrator():
    assert read(sign(without=["role"])).role == "administrator"


def test_a_locate_token_may_name_its_conversation():
    claims = {"aud": "billing", "exp": CLAIMS["exp"], "scope": "locate", "conversation": "c-7"}
    assert read(jwt.encode(claims, SECRET)) == Locator("c-7")


def test_a_catalogue_token_speaks_for_anybody_who_talks_to_a_brand():
    without = ("account", "role", "level")
    assert read(sign(scope="catalogue", without=without)) == Visitor("primus", "c-1")
    # An account that it names means nothing: a visitor has proved nothing.
    assert read(sign(scope="catalogue")) == Visitor("primus", "c-1")


@pytest.mark.parametrize("claim", ["brand", "conversation", "exp", "aud"])
def test_a_catalogue_token_names_its_brand_and_conversation(claim):
    with pytest.raises(TokenRefused):
        read(sign(scope="catalogue", without=[claim]))


def test_a_locate_token_speaks_for_nobody():
    assert read(jwt.encode({"aud": "billing", "exp": CLAIMS["exp"], "scope": "locate"}, SECRET)) == Locator()


@pytest.mark.parametrize(
    "token",
    [
        sign(secret="another secret of at least 32 bytes"),
        sign(algorithm="HS512", secret=SECRET * 2),
        sign(algorithm="none", secret=None),
        sign(aud="desk"),
        sign(exp=int(NOW.timestamp())),
        sign(exp=int((NOW - timedelta(hours=1)).timestamp())),
        sign(exp=True),
        sign(nbf=int((NOW + timedelta(minutes=1)).timestamp())),
        sign(scope="admin"),
        sign(scope=["account"]),
        sign(scope="account locate"),
        sign(role="owner"),
        sign(role=["administrator"]),
        sign(role=None),
        sign(brand=""),
        sign(account=1002003001),
        sign(conversation="c" * 201),
        *(sign(without=[claim]) for claim in ("aud", "exp", "scope", "brand", "account", "conversation")),
        "",
        "a.b.c",
        "é",
    ],
)
def test_every_other_token_is_refused(token):
    with pytest.raises(TokenRefused):
        read(token)


@pytest.mark.parametrize("token", [sign(level="located"), sign(without=["level"])])
def test_a_customer_who_proved_nothing_is_not_let_in(token):
    with pytest.raises(NotVerified):
        read(token)
