"""Kinds of mutants: one small change of one statement, as text, so that the rest of the file stays as it was."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

LONGEST_SHOWN = 150


class Kind(StrEnum):
    """How a mutant differs from what was written."""

    NEGATED = "condition negated"
    SWAPPED = "and/or swapped"
    WIDENED = "comparison widened"
    DROPPED = "call dropped"
    SIGN = "plus/minus swapped"


BOUNDS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
SIGNS = {"+": "-", "-": "+", "+=": "-=", "-=": "+="}
JUNCTIONS = {"and": "or", "or": "and"}
LOGGERS = {"logger", "logging", "warnings"}
TEXTS = (ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple)


@dataclass(frozen=True, order=True)
class Edit:
    """Bytes of a file, and the text that replaces them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, order=True)
class Mutant:
    """One change. line: where it is. statement: the first line of its statement."""

    path: str
    line: int
    kind: Kind
    edits: tuple[Edit, ...]
    statement: int

    def applied(self, source: str) -> str:
        """Return the source with the change; lines keep their numbers."""
        raw = source.encode()
        for edit in sorted(self.edits, reverse=True):
            gone = raw[edit.start : edit.end].count(b"\n") - edit.text.count("\n")
            raw = raw[: edit.start] + edit.text.encode() + b"\n" * gone + raw[edit.end :]
        return raw.decode()

    def lines(self, source: str) -> tuple[str, str]:
        """Return what changes, before and after, each in one line."""
        raw = source.encode()
        first, last = min(self.edits).start, max(self.edits).end
        begin, end = raw[:first].count(b"\n"), raw[:last].count(b"\n") + 1
        before, after = (text.splitlines()[begin:end] for text in (source, self.applied(source)))
        return one_line(before), one_line(after)


def one_line(lines: list[str]) -> str:
    """Return lines as one, not too long."""
    text = " ".join(" ".join(lines).split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


class Finder(ast.NodeVisitor):
    """Finds the mutants of a file. What says nothing but words (messages of errors, logs, reprs) and types has none."""

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.found: list[Mutant] = []
        self.statement = 1
        self.starts = [0]
        lines = source.splitlines(keepends=True)
        for line in lines:
            self.starts.append(self.starts[-1] + len(line.encode()))
        self.raw = source.encode()
        self.tokens = [
            (each.string, self.starts[each.start[0] - 1] + len(lines[each.start[0] - 1][: each.start[1]].encode()))
            for each in tokenize.generate_tokens(io.StringIO(source).readline)
            if each.type in {tokenize.OP, tokenize.NAME}
        ]

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return the bytes of a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def add(self, kind: Kind, *edits: Edit) -> None:
        line = self.raw[: min(edits).start].count(b"\n") + 1
        self.found.append(Mutant(self.path, line, kind, tuple(sorted(edits)), self.statement))

    def exchange(self, kind: Kind, table: dict[str, str], gaps: list[tuple[int, int]]) -> None:
        """Exchange the operator in each gap between two operands, together as one mutant."""
        edits = [
            Edit(at, at + len(text), table[text])
            for start, end in gaps
            for text, at in self.tokens
            if start <= at < end and text in table
        ]
        if edits:
            self.add(kind, *edits)

    def negate(self, test: ast.expr) -> None:
        """Turn a condition round."""
        start, end = self.span(test)
        whole = self.raw[start:end].decode()
        is_not = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        self.add(Kind.NEGATED, Edit(start, end, f"({whole[3:].lstrip()})" if is_not else f"(not ({whole}))"))

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            self.statement = node.lineno
        super().visit(node)

    def silent(self, node: ast.AST) -> None:
        """Make no mutant of a node or of anything below it."""

    visit_Raise = visit_Assert = visit_JoinedStr = silent  # noqa: N815 (the names of nodes)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if node.name != "__repr__":
            for each in node.body:
                self.visit(each)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self.statement = node.test.lineno
        self.negate(node.test)
        self.generic_visit(node)

    visit_While = visit_If  # type: ignore[assignment]  # noqa: N815

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self.negate(test)
        self.generic_visit(node)

    def visit_match_case(self, node: ast.match_case) -> None:
        if node.guard:
            self.negate(node.guard)
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        is_not = isinstance(node.value, ast.UnaryOp) and isinstance(node.value.op, ast.Not)
        if node.value and (is_not or isinstance(node.value, ast.Compare | ast.BoolOp)):
            self.negate(node.value)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.exchange(Kind.SWAPPED, JUNCTIONS, self.gaps(node.values))
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for gap in self.gaps([node.left, *node.comparators]):
            self.exchange(Kind.WIDENED, BOUNDS, [gap])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add | ast.Sub) and not (is_text(node.left) or is_text(node.right)):
            self.exchange(Kind.SIGN, SIGNS, self.gaps([node.left, node.right]))
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.Add | ast.Sub) and not is_text(node.value):
            self.exchange(Kind.SIGN, SIGNS, self.gaps([node.target, node.value]))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.USub):
            start, _ = self.span(node)
            self.add(Kind.SIGN, Edit(start, start + 1, "+"))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            if root(node.value.func) in LOGGERS:
                return
            self.add(Kind.DROPPED, Edit(*self.span(node), "pass"))
        self.generic_visit(node)

    def gaps(self, operands: list[ast.expr]) -> list[tuple[int, int]]:
        """Return what lies between operands, where the operators are."""
        spans = [self.span(each) for each in operands]
        return [(left[1], right[0]) for left, right in pairwise(spans)]


def is_text(node: ast.expr) -> bool:
    """Tell whether plus puts texts or lists together: minus would only be a type error."""
    return isinstance(node, TEXTS) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def root(node: ast.expr) -> str:
    """Return the first name of a dotted one."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """Return all mutants of a file, in the order of its lines."""
    finder = Finder(path, source)
    finder.visit(ast.parse(source))
    yield from sorted(finder.found)
