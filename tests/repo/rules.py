"""Rules of the repository: each takes a syntax tree and returns the lines that break it."""

import ast
import re

from tests.repo.sources import nodes

LONGEST_FUNCTION = 40
NO_SUBJECT = re.compile(r"(What|Whether|Which|Whoever)\b")
NOT_PLAIN = re.compile(r"\b(whoever|of which|where nobody|is none)\b", re.IGNORECASE)
STATE_FIELDS = {"state", "status"}
FORBIDDEN_IMPORTS = {
    "django.contrib.admin": "it writes around services and access marks",
    "pickle": "what comes from a queue or a cache must not be code",
    "xml.etree": "untrusted XML",
    "cv2": "no analytics of people",
    "face_recognition": "no face recognition",
    "openalpr": "no license plates",
}


def long_functions(module: ast.Module) -> list[int]:
    """Return where a function begins that has more than LONGEST_FUNCTION lines."""
    return [
        node.lineno
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]


def docstrings_to_decode(module: ast.Module) -> list[int]:
    """Return the lines of docstrings that begin without a subject, or use words that a reader must decode."""
    bodies = [body for node in nodes(module) if isinstance(body := getattr(node, "body", None), list)]
    lines = [line for body in bodies for line in body if isinstance(line, ast.Expr)]
    texts = [(line.lineno, str(line.value.value).strip()) for line in lines if isinstance(line.value, ast.Constant)]
    return [line for line, text in texts if NO_SUBJECT.match(text) or NOT_PLAIN.search(text)]


def state_assignments(module: ast.Module) -> list[int]:
    """Return where the state of an object is set: `x.state = ...` or `.update(state=...)`."""
    found: list[int] = []
    for node in nodes(module):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        if any(isinstance(target, ast.Attribute) and target.attr in STATE_FIELDS for target in targets):
            found.append(targets[0].lineno)
        if isinstance(node, ast.Call) and is_update_of_state(node):
            found.append(node.lineno)
    return found


def is_update_of_state(call: ast.Call) -> bool:
    """Tell whether a call is `.update(state=...)` of a queryset, or `setattr(x, "state", ...)`."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "update":
        return any(keyword.arg in STATE_FIELDS for keyword in call.keywords)
    if isinstance(call.func, ast.Name) and call.func.id == "setattr" and len(call.args) > 1:
        name = call.args[1]
        return isinstance(name, ast.Constant) and name.value in STATE_FIELDS
    return False


def managers(module: ast.Module) -> list[int]:
    """Return where rows are reached past their owner: `Model.objects`."""
    return [
        node.lineno
        for node in nodes(module)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]


def forbidden_imports(module: ast.Module) -> list[int]:
    """Return where something is imported that this product keeps out."""
    return [
        node.lineno
        for node in nodes(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(f"{name}.".startswith(f"{bad}.") for name in imported(node) for bad in FORBIDDEN_IMPORTS)
    ]


def may_that_answer(module: ast.Module) -> list[int]:
    """Return where a `may_*` begins that answers: it raises Refused, and returns None."""
    functions = [node for node in nodes(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    named = [node for node in functions if node.name.lstrip("_").partition("_")[0] == "may"]
    return [node.lineno for node in named if not (node.returns and ast.unparse(node.returns) == "None")]


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the dotted names that a statement may import."""
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.Import):
        return names
    module = node.module or ""
    return [module, *(f"{module}.{name}" for name in names)]
