"""Progress of a long command, on a terminal only."""

from django.core.management.base import OutputWrapper

WIDTH = 30
BACK = "\r\x1b[K"


class ProgressBar:
    """A bar that moves at each whole percent."""

    def __init__(self, out: OutputWrapper, what: str) -> None:
        self.out = out
        self.what = what
        self.total = 0
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        self.total = total
        percent = 100 * done // total if total else 100
        if percent != self._shown and self.out.isatty():
            filled = "#" * (WIDTH * percent // 100)
            self.out.write(f"{BACK}[{filled:.<{WIDTH}}] {percent:3} %  {done:,} of {total:,} {self.what}", ending="")
            self.out.flush()
        self._shown = percent

    def clear(self) -> None:
        if self.out.isatty():
            self.out.write(BACK, ending="")
        self._shown = -1
