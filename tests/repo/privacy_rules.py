"""Rules about what leaves the portal: personal data in log lines, and what a page makes a browser fetch or run."""

import ast
import re

from tests.repo.sources import nodes

LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
LOGGERS = {"logger", "logging"}
PERSONAL = re.compile(
    r"email|phone|address|street|pin|point|latitude|longitude|person|people|user|account|registrant|reason|name_of|"
    r"token|password|secret|key|cookie|session|header|body|context|recipient|to|by|post|get|request",
    re.IGNORECASE,
)
OPAQUE = {"pk", "id", "__name__"}
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|track|use|link)\b[^>]*?\b(?:src|srcset|href|data)\s*=\s*[\"']\s*"
    r"(?:https?:)?//|url\(\s*[\"']?(?:https?:)?//|@import\s+[\"'](?:https?:)?//",
    re.IGNORECASE,
)


def personal_log_calls(module: ast.Module) -> list[int]:
    """Return where a log line is given something that names a person, or a secret."""
    return [
        node.lineno
        for node in nodes(module)
        if isinstance(node, ast.Call) and _logs(node) and any(_is_personal(argument) for argument in node.args)
    ]


def _logs(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in LOG_METHODS
        and isinstance(function.value, ast.Name)
        and function.value.id in LOGGERS
    )


def _is_personal(argument: ast.expr) -> bool:
    if isinstance(argument, ast.Attribute) and argument.attr in OPAQUE:
        return False
    if isinstance(argument, ast.Name):
        return PERSONAL.fullmatch(argument.id) is not None
    if isinstance(argument, ast.Attribute) and PERSONAL.fullmatch(argument.attr):
        return True
    return any(_is_personal(part) for part in ast.iter_child_nodes(argument) if isinstance(part, ast.expr))


def lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return the lines on which a pattern is found."""
    return [text.count("\n", 0, found.start()) + 1 for found in pattern.finditer(text)]
