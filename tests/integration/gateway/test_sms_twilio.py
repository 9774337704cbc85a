"""Twilio's signature: what its own library accepts we accept, and what it refuses we refuse, writing nothing."""

import itertools

import pytest
from twilio.request_validator import RequestValidator, get_signature_algorithm

from gateway.models import Conversation, Message, SmsReceived
from gateway.sms_settings import SmsSettings
from gateway.twilio_signature import is_signed
from tests.integration.gateway.sms_steps import NUMBERS, TOKEN, form, post, sent

OTHER = "another token of 32 letters or so"
SHARED = "webhooks shared key"
SHA256 = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"


class Fields(list):
    """Pairs, as Twilio's library takes them from web frameworks."""

    def __iter__(self):
        return iter([name for name, _ in self.pairs])

    def __init__(self, pairs):
        super().__init__(pairs)
        self.pairs = list(pairs)

    def getall(self, name):
        return [value for key, value in self.pairs if key == name]


FORMS = {
    "plain": [("From", "+15145550150"), ("Body", "bonjour"), ("MessageSid", "SM1")],
    "empty": [("From", "+15145550150"), ("Body", ""), ("MediaUrl0", "")],
    "repeated": [("Body", "b"), ("Body", "a"), ("Body", "a"), ("From", "+1")],
    "letters": [("Body", "ça coûte 5 % & é=è + 𝄞 \u00a0"), ("From", "+1")],
    "service": [("MessagingServiceSid", "MG" + "1" * 32), ("To", "+15145550100"), ("Body", "x"), ("body", "y")],
    "none": [],
}
URLS = [
    "https://support.example/sms/twilio",
    "https://support.example:443/sms/twilio",
    "https://support.example:8443/sms/twilio",
    "http://support.example/sms/twilio?a=1&b=%20",
    "http://support.example:80/sms/twilio",
]
HEADERS = [None, "", SHA256, "key=k", "algorithm=hmac_sha256", "algorithm=HMAC_MD5", "algorithm="]


@pytest.mark.parametrize(("name", "url", "settings"), list(itertools.product(FORMS, URLS, HEADERS)))
def test_it_is_as_twilios_own_library_has_it(name, url, settings):
    fields = FORMS[name]
    validator = RequestValidator(TOKEN)
    algorithm = get_signature_algorithm(settings)
    signatures = {
        "": False,
        "nonsense": False,
        **{
            RequestValidator(token).compute_signature(address, Fields(pairs), way): None
            for token in (TOKEN, OTHER)
            for address in URLS
            for pairs in (fields, [*fields, ("Added", "1")], fields[1:])
            for way in ("HMAC_SHA1", "HMAC_SHA256")
        },
    }
    accepted = 0
    for signature in signatures:
        theirs = validator.validate(url, Fields(fields), signature, algorithm)
        assert is_signed(url, fields, signature, settings, [TOKEN]) == theirs
        accepted += theirs
    assert accepted >= (0 if "MD5" in (settings or "") else 1)


def test_either_of_two_tokens_counts_while_one_gives_way():
    url, fields = URLS[0], FORMS["plain"]
    for token in (TOKEN, OTHER):
        signature = RequestValidator(token).compute_signature(url, dict(fields))
        assert is_signed(url, fields, signature, None, [TOKEN, OTHER])
        assert not is_signed(url, fields, signature, None, ["a third"])
    assert not is_signed(url, fields, RequestValidator("").compute_signature(url, dict(fields)), None, [""])


def sms(**changes):
    return SmsSettings(**{"numbers": NUMBERS, "twilio_tokens": (TOKEN, OTHER), "burst_s": 0.0, **changes})


async def nothing_was_written(gateway):
    for model in (Message, Conversation, SmsReceived):
        assert await gateway.rows(model) == []


@pytest.mark.parametrize("what", ["body", "added", "left out", "path", "query", "no signature", "token", "sha256"])
async def test_a_forged_or_altered_request_is_refused_and_writes_nothing(start, what):
    gateway = await start(sms=sms())
    url, fields = f"{gateway.url}/sms/twilio", form("bonjour")
    signature = RequestValidator(TOKEN).compute_signature(url, fields)
    path, headers = "/sms/twilio", {}
    if what == "body":
        fields = {**fields, "Body": "bonsoir"}
    elif what == "added":
        fields = {**fields, "NumSegments": "2"}
    elif what == "left out":
        fields = {name: value for name, value in fields.items() if name != "ToCountry"}
    elif what == "path":
        signature = RequestValidator(TOKEN).compute_signature(f"{gateway.url}/sms/other", fields)
    elif what == "query":
        path = "/sms/twilio?x=1"
    elif what == "no signature":
        signature = ""
    elif what == "token":
        signature = RequestValidator("charlie's own").compute_signature(url, fields)
    else:
        headers = {"X_Twilio_Webhooks_Signature_Settings": SHA256}
    status, body = await post(gateway, fields, path, signature, **headers)
    assert status == 403
    assert "problems/sms_signature" in body
    await nothing_was_written(gateway)


async def test_without_a_token_nobody_is_let_in(start):
    gateway = await start(sms=sms(twilio_tokens=()))
    fields = form("bonjour")
    signature = RequestValidator("").compute_signature(f"{gateway.url}/sms/twilio", fields)
    assert (await post(gateway, fields, signature=signature))[0] == 403
    await nothing_was_written(gateway)


async def test_the_public_address_is_what_counts_not_what_a_request_says_of_itself(start):
    gateway = await start(sms=sms(), public_url="https://support.example")
    fields = form("bonjour")
    forwarded = {"X_Forwarded_Host": "charlie.example", "X_Forwarded_Proto": "https", "Host": "charlie.example"}
    elsewhere = RequestValidator(TOKEN).compute_signature("https://charlie.example/sms/twilio", fields)
    assert (await post(gateway, fields, signature=elsewhere, **forwarded))[0] == 403
    await nothing_was_written(gateway)
    for port in ("", ":443"):
        fields = form("bonjour")
        signature = RequestValidator(TOKEN).compute_signature(f"https://support.example{port}/sms/twilio", fields)
        assert (await post(gateway, fields, signature=signature, **forwarded))[0] == 200
    await sent(gateway, 2)


async def test_a_shared_key_signs_with_sha_256(start):
    gateway = await start(sms=sms(twilio_shared_keys=(SHARED,)))
    fields = form("bonjour", Body2="")
    signature = RequestValidator(SHARED).compute_signature(f"{gateway.url}/sms/twilio", fields, "HMAC_SHA256")
    assert (await post(gateway, fields, signature=signature))[0] == 403, "without the header it is no SHA-1"
    settings = {"X_Twilio_Webhooks_Signature_Settings": SHA256}
    assert (await post(gateway, fields, signature=signature, **settings))[0] == 200
    await sent(gateway, 1)


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/json", b'{"Body":"x"}'), ("application/x-www-form-urlencoded", b"Body=%ff%fe")],
)
async def test_what_is_no_form_is_refused(start, kind, body):
    gateway = await start(sms=sms())
    signature = RequestValidator(TOKEN).compute_signature(f"{gateway.url}/sms/twilio", {})
    headers = {"X-Twilio-Signature": signature, "Content-Type": kind}
    async with gateway.http.post(f"{gateway.url}/sms/twilio", data=body, headers=headers) as response:
        assert response.status == 403
    await nothing_was_written(gateway)
