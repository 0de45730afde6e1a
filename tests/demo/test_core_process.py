"""The CORE that runs beside the demo, where its key is there."""

import shlex
from pathlib import Path

from fusus_portal.demo import child_processes
from integration.management.commands.run_core import Command


def test_it_runs_where_its_key_is_and_nowhere_else(tmp_path: Path) -> None:
    assert child_processes.core_command(tmp_path, server="http://localhost:8000") == ""
    child_processes.core_memory(tmp_path).write_text("{}", encoding="utf-8")
    words = shlex.split(child_processes.core_command(tmp_path, server="http://localhost:8000"))
    options = Command().create_parser("manage.py", "run_core").parse_args(words[words.index("run_core") + 1 :])
    assert (options.serial, options.state) == (child_processes.AT_WORK, child_processes.core_memory(tmp_path))
    assert options.camera == ["front=testsrc", "back=testsrc", "lot=testsrc", "alley=testsrc"]
