"""The CORE that runs beside the demo, where its key is there."""

import shlex
from pathlib import Path

from fusus_portal.demo import core_process
from integration.management.commands.run_core import Command


def test_it_runs_where_its_key_is_and_nowhere_else(tmp_path: Path) -> None:
    assert core_process.command(tmp_path, server="http://localhost:8000") == ""
    core_process.memory_in(tmp_path).write_text("{}", encoding="utf-8")
    words = shlex.split(core_process.command(tmp_path, server="http://localhost:8000"))
    options = Command().create_parser("manage.py", "run_core").parse_args(words[words.index("run_core") + 1 :])
    assert (options.serial, options.state) == (core_process.AT_WORK, core_process.memory_in(tmp_path))
    assert options.camera == ["front=testsrc", "back=testsrc"]
