"""The address of a mail server: what it may be, and that a password never travels in the clear."""

import pytest

from gateway.smtp import mail_server


@pytest.mark.parametrize(
    ("url", "port", "tls", "must_encrypt"),
    [
        ("smtp://127.0.0.1:2525", 2525, False, False),
        ("smtp://mail.example", 25, False, False),
        ("smtp://user:p%40ss@mail.example", 587, False, True),
        ("smtp://user:p%40ss@localhost:1025", 1025, False, False),
        ("smtps://user:p%40ss@mail.example", 465, True, False),
    ],
)
def test_a_server_is_read(url, port, tls, must_encrypt):
    server = mail_server(url)
    assert (server.port, server.tls, server.must_encrypt) == (port, tls, must_encrypt)
    assert server.password in (None, "p@ss")
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://host/path", "smtp://host?x=1"]
)
def test_what_is_no_server_is_refused(url):
    with pytest.raises(ValueError, match="smtp://"):
        mail_server(url)
