"""An article's file: what is read from it, and what is said where it is broken."""

import datetime

import pytest

from knowledge import ArticleError, BrandError, read_article, read_brand


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_article_is_read_whole(path):
    article = read_article(path)
    assert (article.id, article.brand, article.language) == ("primus/user-limit", "primus", "fr")
    assert article.title == "Nombre de personnes"
    assert article.body == "Cinq personnes --- en tout."
    assert article.sms == "Cinq personnes en tout."
    assert article.phrasings == ("combien de personnes peuvent y entrer", "on est six: ça marche?")
    assert article.facts == ({"figure": "4", "what": "utilisateurs secondaires", "place": "question 8"},)
    assert article.requests == ("list_users",)
    assert article.effective == datetime.date(2026, 11, 21)


def test_what_may_be_left_out_may_be_left_out(path):
    change(path, "requests: [list_users]\n", "")
    change(path, 'sms: " Cinq personnes en tout. "\n', "")
    article = read_article(path)
    assert article.sms is None
    assert article.requests == ()


def test_a_line_of_dashes_in_the_text_belongs_to_the_text(path):
    change(path, "Cinq personnes --- en tout.", "Cinq.\n\n---\n\nEn tout.")
    assert read_article(path).body == "Cinq.\n\n---\n\nEn tout."


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(path):
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_article(path).body == "Cinq personnes --- en tout."


@pytest.mark.parametrize("name", ["id", "title", "phrasings", "facts", "source", "section", "effective"])
def test_a_missing_name_is_said(path, name):
    change(path, f"\n{name}:", f"\nother_{name}:")
    with pytest.raises(ArticleError, match=rf"user-limit\.md: the header lacks {name}$"):
        read_article(path)


def test_everything_missing_is_said_at_once(path):
    path.write_text("---\nid: primus/user-limit\n---\nx\n", encoding="utf-8")
    with pytest.raises(ArticleError, match="lacks title, phrasings, facts, source, section, effective"):
        read_article(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all\n",
        b"---\nid: primus/user-limit\nno second line of dashes\n",
        b"---\ntitle: [unclosed\n---\nx\n",
        b'---\ntitle: "unclosed\n---\nx\n',
        b"---\n---\nx\n",
        b"---\n- a\n- list\n---\nx\n",
        b"---\njust words\n---\nx\n",
        b"---\ntitle: \xff\xfe\n---\nx\n",
    ],
)
def test_a_broken_header_is_an_article_error_that_names_the_file(path, content):
    path.write_bytes(content)
    with pytest.raises(ArticleError, match=r"user-limit\.md"):
        read_article(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("phrasings:\n  - combien", "phrasings: combien\nmore:\n  - combien"),
        ("requests: [list_users]", "requests: list_users"),
        ("facts:\n  - {figure", "facts: {figure: 4}\nmore:\n  - {figure"),
        ('  - {figure: 4, what: "utilisateurs secondaires", place: "question 8"}', "  - 4"),
    ],
)
def test_a_value_of_the_wrong_shape_is_an_article_error(path, old, new):
    change(path, old, new)
    with pytest.raises(ArticleError, match=r"user-limit\.md"):
        read_article(path)


def test_an_id_that_is_not_the_place_is_refused(path):
    change(path, "id: primus/user-limit", "id: wrs/user-limit")
    with pytest.raises(ArticleError, match="the id is 'wrs/user-limit', the place says primus/user-limit"):
        read_article(path)


def test_a_brand_is_read_from_its_folder(folder):
    brand = read_brand(folder / "primus")
    assert brand.id == "primus"
    assert "check_balance" in brand.requests


@pytest.mark.parametrize(
    "content", ["", "- a\n", "id: [\n", "id: primus\n", "id: primus\nrequests: [greet]\nnickname: x\n"]
)
def test_a_broken_brand_is_a_brand_error_that_names_the_file(folder, content):
    (folder / "primus" / "brand.yml").write_text(content, encoding="utf-8")
    with pytest.raises(BrandError, match=r"brand\.yml"):
        read_brand(folder / "primus")


def test_a_brand_must_be_called_as_its_folder(folder):
    change(folder / "primus" / "brand.yml", "id: primus", "id: wrs")
    with pytest.raises(BrandError, match="the id is 'wrs', the folder 'primus'"):
        read_brand(folder / "primus")
