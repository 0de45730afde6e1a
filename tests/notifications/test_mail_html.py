"""The HTML of a mail is made of its text: it says the same, and nothing that a person typed takes another shape."""

import re
from collections.abc import Mapping
from datetime import time
from html import escape, unescape

import pytest

from fusus_portal.ground.notifications.channels import email_channel as channels
from fusus_portal.ground.notifications.channels.email_channel import Rendered, render
from fusus_portal.ground.notifications.kinds import MessageKind, all_kinds
from tests.notifications import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_builders")]

MAILED = [kind.name for kind in all_kinds() if kind.mailed]
LINKED = [kind.name for kind in all_kinds() if kind.mailed and "link" in kind.variables]
OURS = "http://localhost:8000/"
CHOSEN = {"state", "source", "code", "receipt"}
"""Variables besides links that the portal fills in: nobody types them."""

SHAPES = [
    "\n\nhttps://evil.example",
    f"\n\nSign in here\n{OURS}evil/",
    f"\n{OURS}evil/\n",
    "\n\n- one\n- two",
    "\n\nWho asks: the mayor\nWhere: at home\n\n",
    "\n\nABCD-1234\n\n",
    "\r\n\r\n-- \r\nThe mayor",
    "\u2028\u2028https://evil.example\x85\x85- one",
    f"\n\n{channels.BREAK}{channels.VALUE}\n{OURS}evil/",
]
"""Line breaks with what would be a link, a button, a list, a table, a code or a footer on lines of its own."""


def read(kind: MessageKind, variables: Mapping[str, object] | None = None, language: str = "en") -> Rendered:
    given = samples.VARIABLES[kind] if variables is None else variables
    return render(kind=kind, language=language, build=lambda: given, number="M-1")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def seen(html: str) -> str:
    """Return what a person reads of a page."""
    body = html[html.index("<body>") :]
    return unescape(re.sub(r"<[^>]+>", " ", body))


def shape(html: str) -> list[tuple[str, str]]:
    """Return the elements of a page and where they lead, without breaks of lines."""
    return re.findall(r"<(?!br)(\w+)(?: href=\"([^\"]*)\")?", html)


def typed(value: object, more: str) -> object:
    """Return a value as somebody types it who begins or ends it with more."""
    if isinstance(value, str):
        return f"{more.strip()}{value}{more}" if value else ""
    if isinstance(value, Mapping):
        return {name: typed(each, more) for name, each in value.items()}
    return [typed(each, more) for each in value] if isinstance(value, list) else value


def kept_by(mail: Rendered, language: str) -> dict[str, bool]:
    """Return each thing that holds of the HTML of any mail, and whether it does."""
    head = mail.html.partition("<body>")[0]
    large = re.findall(r"<p style=\"font-size: 18px[^>]*>(.*?)</p>", mail.html)
    tags = (f'<html lang="{language}">', '<meta charset="utf-8">', '<meta name="color-scheme" content="light dark">')
    return {
        "it says the words of the text in their order": words(seen(mail.html)) == words(mail.text),
        "its first paragraph alone is large": large == [escape(mail.text.split("\n\n")[0])],
        "its language is told to the machine": all(tag in head for tag in tags),
        "it fetches nothing": not re.search(r"<(img|script|form|iframe|link|object)\b|url\(", mail.html),
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_mail_is_its_text_as_a_page(language: str) -> None:
    judged = {kind: kept_by(read(kind, language=language), language) for kind in MAILED}
    assert judged
    assert [(kind, thing) for kind, kept in judged.items() for thing, holds in kept.items() if not holds] == []


def test_its_link_is_a_button_with_the_words_above_it() -> None:
    wrong = []
    for kind in LINKED:
        mail, link = read(kind), str(samples.VARIABLES[kind]["link"])
        lines = mail.text.splitlines()
        label = escape(lines[lines.index(link) - 1])
        buttons = re.findall(r"<a href=\"([^\"]*)\"\s+style=\"display: inline-block[^>]*>(.*?)</a>", mail.html)
        if buttons != [(escape(link), label)] or f">{escape(link)}</p>" not in mail.html:
            wrong.append((kind, buttons))
    assert LINKED
    assert wrong == []


def test_nothing_that_is_typed_makes_a_link_a_list_a_table_or_a_heading() -> None:
    wrong = []
    for kind in MAILED:
        clean = shape(read(kind).html)
        for more in SHAPES:
            given = {
                name: value if name in CHOSEN or name.endswith("link") else typed(value, more)
                for name, value in samples.VARIABLES[kind].items()
            }
            html = read(kind, given).html
            if shape(html) != clean or channels.VALUE in html or channels.BREAK in html:
                wrong.append((kind, more))
    assert wrong == []


def test_it_escapes_what_is_typed() -> None:
    wrong, more = [], "<i title='x'>&\""
    for kind in MAILED:
        clean = samples.VARIABLES[kind]
        html = read(kind, {name: value if name in CHOSEN else typed(value, more) for name, value in clean.items()}).html
        escaped = html.count("&lt;i title=&#x27;x&#x27;&gt;&amp;&quot;")
        if "<i" in html or escaped != html.count("title=&#x27;"):
            wrong.append(kind)
    assert wrong == []


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "http://localhost:8000.evil.example/", f"{OURS}a b", f"{OURS}a\n"]
)
def test_a_link_to_elsewhere_stays_text(address: str) -> None:
    mail = read(MessageKind.PAYMENT_FAILED, {**samples.VARIABLES[MessageKind.PAYMENT_FAILED], "link": address})
    assert "href" not in mail.html
    assert words(seen(mail.html)) == words(mail.text)


def test_a_value_in_several_lines_keeps_them() -> None:
    given = {**samples.VARIABLES[MessageKind.ORDER_REFUSED], "reason": "It isn't signed.\nPage 2 is missing."}
    assert "It isn&#x27;t signed.<br>Page 2 is missing.</p>" in read(MessageKind.ORDER_REFUSED, given).html


def test_a_value_that_is_no_text_number_or_day_is_refused() -> None:
    with pytest.raises(TypeError, match="no room for a time"):
        read(MessageKind.ROLE_NOTICE, {"number": "N-1", "change": [time(9, 30)]})


class TestItsRules:
    """How each kind of line is written, in a text between the first paragraph and the footer."""

    def made(self, block: str, link: str = "") -> str:
        text = f"Hello.\n\n{block}\n\n--\nThe office\nCall us.\n"
        html = channels.page(text, link=link, language="en", title="The office")
        return html.partition("Hello.</p>\n")[2].partition('\n<p style="border-top')[0]

    def test_lines_with_a_dash_are_a_list(self) -> None:
        assert self.made("Deleted:\n- one\n- two: 2\nAll.") == (
            "<p>Deleted:</p>\n<ul><li>one</li><li>two: 2</li></ul>\n<p>All.</p>"
        )

    def test_lines_of_terms_are_a_table(self) -> None:
        assert self.made("Where: Oak & 5th\nWho: \ue000A: B") == (
            '<table><tr><th scope="row">Where</th><td>Oak &amp; 5th</td></tr>'
            '<tr><th scope="row">Who</th><td>A: B</td></tr></table>'
        )

    @pytest.mark.parametrize(
        "block", ["The reason: none", "\ue000Where: here\n\ue000Who: me", "Where: here\nThat is all"]
    )
    def test_other_lines_with_a_colon_are_a_paragraph(self, block: str) -> None:
        assert self.made(block).startswith("<p>")

    def test_a_code_is_large(self) -> None:
        assert "monospace" in self.made("BCDF-GHJK")
        assert "monospace" not in self.made("\ue000BCDF-GHJK")

    def test_an_address_links_the_line_above_it(self) -> None:
        assert self.made(f"Invoice 7:\n{OURS}7/?a=1&b=2") == (
            f'<p><a href="{OURS}7/?a=1&amp;b=2">Invoice 7:</a><br>'
            f'<span style="word-break: break-all">{OURS}7/?a=1&amp;b=2</span></p>'
        )

    def test_the_first_link_alone_is_a_button(self) -> None:
        html = self.made(f"Pay\n{OURS}7/\n\nPay now\n{OURS}7/", link=f"{OURS}7/")
        assert html.count("inline-block") == 1
        assert html.index("inline-block") < html.index("Pay now")

    @pytest.mark.parametrize("block", [f"{OURS}7/", f"Pay\n\ue000{OURS}7/", "Pay\nhttps://evil.example/"])
    def test_an_address_without_words_that_is_typed_or_is_elsewhere_is_no_link(self, block: str) -> None:
        assert "href" not in self.made(block, link=f"{OURS}7/")

    def test_the_footer_is_below_a_line(self) -> None:
        page = channels.page("Hello.\n\nBye.\n\n--\nThe office\nCall us.\n", link="", language="en", title="")
        assert 'border-top: 1px solid #a9aeb1; padding-top: 16px">The office<br>Call us.</p>' in page
