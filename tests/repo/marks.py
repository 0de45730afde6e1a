"""Sentences marked for translation in code and templates, and texts that a reader sees without a mark."""

import ast
import re
from functools import cache
from pathlib import Path

from django.utils.translation.template import templatize

from tests.repo.sources import nodes, tree

MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}

MARKED_LITERAL = re.compile(
    r"""\b(?:n?gettext|_)\((u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*')""",
    re.DOTALL,
)
NOT_READ = re.compile(
    r"{#.*?#}"
    r"|{%\s*comment.*?endcomment\s*%}"
    r"|{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}"
    r"|<(script|style)\b.*?</\1>"
    r"|<!--.*?-->",
    re.DOTALL,
)
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
INCLUDE = re.compile(r"{%\s*include\b.*?%}", re.DOTALL)
INCLUDED_WORDS = re.compile(r"""(?<![(\w])(?:\w+)=(["'])([A-ZÁÉÍÓÚ¿¡].*?|[^"']*\w \w.*?)\1""")
SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|alt|title|placeholder|data-label)="([^"]*)"')
HTML_TAG = re.compile(r"<[^>]*>", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")


def marked_in_code(module: ast.Module) -> list[ast.Call]:
    """Return the calls that mark a sentence for translation, by whatever name the module imports a mark."""
    names = MARKS | {
        name.asname
        for node in nodes(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in MARKS
    }
    return [
        node
        for node in nodes(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def sentence_of(call: ast.Call) -> str | None:
    """Return the sentence that a call marks, or None when it is put together and so can't be translated."""
    names = call.func.id if isinstance(call.func, ast.Name) else ""
    position = 1 if names.startswith("pgettext") else 0
    first = call.args[position] if len(call.args) > position else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


@cache
def sentences_in(file: Path) -> list[tuple[int, str | None]]:
    """Return what a file of code marks, with its lines."""
    return [(call.lineno, sentence_of(call)) for call in marked_in_code(tree(file))]


def marked_in_template(template: str) -> list[str]:
    """Return the sentences that a template marks, as the catalog names them."""
    return [ast.literal_eval(literal) for literal in MARKED_LITERAL.findall(templatize(template))]


def unmarked_in_template(template: str) -> list[str]:
    """Return the texts of a template that a reader sees and that no mark holds."""
    read = NOT_READ.sub(" ", template)
    found = [words for include in INCLUDE.findall(read) for _quote, words in INCLUDED_WORDS.findall(include)]
    read = TEMPLATE_TAG.sub(" ", read)
    found += SPOKEN_ATTRIBUTE.findall(read)
    found += HTML_TAG.sub("\n", read).splitlines()
    return [" ".join(text.split()) for text in found if LETTERS.search(text)]
