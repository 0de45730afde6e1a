"""Puts a mutant into a process that has its module imported already: functions get the code of the changed source."""

import gc
import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType


class CannotSwap(Exception):
    """The code that changed has run already, when its module was imported."""


def swap(path: str, before: str, after: str) -> None:
    """Give the functions of a file the code of its changed source. Raises CannotSwap, and then nothing is changed.

    path: whole, as the modules know it. before, after: the two sources.
    """
    gc.unfreeze()  # the search below goes past what was frozen
    changed = dict(_changed(compile(before, path, "exec"), compile(after, path, "exec")))
    found = [
        (each, changed[each.__code__])
        for each in gc.get_objects()
        if type(each) is FunctionType and each.__code__.co_filename == path and each.__code__ in changed
    ]
    if not found or any(len(each.__code__.co_freevars) != len(code.co_freevars) for each, code in found):
        raise CannotSwap
    for each, code in found:
        each.__code__ = code


def _changed(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield the functions that differ, each as it was and as it is, with those that hold a changed one."""
    inside, now = _nested(before), _nested(after)
    is_function = bool(before.co_flags & inspect.CO_OPTIMIZED)
    if len(inside) != len(now) or (not is_function and _own(before) != _own(after)):
        raise CannotSwap
    if is_function and before != after:
        yield before, after
    for each, changed in zip(inside, now, strict=True):
        yield from _changed(each, changed)


def _nested(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _own(code: CodeType) -> CodeType:
    return code.replace(co_consts=tuple(None if isinstance(each, CodeType) else each for each in code.co_consts))
