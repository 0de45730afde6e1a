"""A small file costs nobody a processor: scans are counted first, and behind the count stand limits of a process."""

import json
import re
import resource
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from fusus_portal.ground.pictures import child, decoder, re_encode
from fusus_portal.ground.pictures.decoder import MOST_SCANS, scans_of
from tests.pictures.attacks import hidden_scans, many_scans, progressive
from tests.repo.sources import PACKAGES, is_in, python_files

pytestmark = pytest.mark.django_db
TOO_LONG = "takes too long to read"


def sent(data: bytes) -> bytes:
    return re_encode(ContentFile(data, name="a.jpg"), longest_side=64, format="JPEG", sender=uuid4())


def decoder_with(path: Path, **limits: int) -> Path:
    """Return a decoder with other limits, and all else as it is."""
    lines = [
        "import importlib.util",
        f"spec = importlib.util.spec_from_file_location('decoder', {str(child.DECODER)!r})",
        "decoder = importlib.util.module_from_spec(spec)",
        "spec.loader.exec_module(decoder)",
        *[f"decoder.{name} = {value}" for name, value in limits.items()],
        "decoder.main()",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_scans_are_counted_by_the_marks_that_a_decoder_goes_by() -> None:
    baseline = BytesIO()
    Image.new("RGB", (64, 64)).save(baseline, "JPEG")
    assert scans_of(baseline.getvalue()) == 1
    assert scans_of(progressive()) == 10
    assert scans_of(many_scans(500)) == 510
    assert scans_of(hidden_scans(500)) == 510


def test_what_lies_in_a_segment_or_behind_the_picture_is_no_scan() -> None:
    inside = progressive()
    segment = b"\xff\xe1" + (2 + 300).to_bytes(2) + b"\xff\xda" * 150
    assert scans_of(inside[:2] + segment + inside[2:] + b"\xff\xda\x00\x02" * 100) == 10


def test_a_scan_costs_little_and_many_are_refused() -> None:
    assert Image.open(BytesIO(sent(many_scans(MOST_SCANS - 10)))).size == (64, 64)
    for attack in (many_scans(MOST_SCANS - 9), hidden_scans(MOST_SCANS)):
        with pytest.raises(ValidationError, match=TOO_LONG):
            sent(attack)


def test_the_worst_file_costs_the_portal_less_than_a_second_of_a_processor() -> None:
    attack = many_scans(16_000, side=5000)
    assert 500_000 < len(attack) < 1_000_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(ValidationError, match=TOO_LONG):
        sent(attack)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 1.0  # decoding it takes 20


def test_behind_the_count_the_process_has_little_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lax = decoder_with(tmp_path / "decoder.py", MOST_SCANS=10**9, CPU_SECONDS=1)
    monkeypatch.setattr(child, "DECODER", lax)
    with pytest.raises(ValidationError, match=TOO_LONG):
        sent(many_scans(2_000, side=7000))


def test_and_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = progressive(side=7000)
    assert sent(large)
    monkeypatch.setattr(child, "DECODER", decoder_with(tmp_path / "decoder.py", MEMORY_BYTES=150 * 1024**2))
    with pytest.raises(ValidationError):
        sent(large)


def test_a_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, note = tmp_path / "hangs.py", tmp_path / "pid"
    lines = f"import os, signal\nopen({str(note)!r}, 'w').write(str(os.getpid()))\nsignal.pause()\n"
    hangs.write_text(lines, encoding="utf-8")
    monkeypatch.setattr(child, "DECODER", hangs)
    monkeypatch.setattr(child, "WALL_SECONDS", 2)
    with pytest.raises(ValidationError, match=TOO_LONG):
        sent(progressive())
    assert not Path("/proc", note.read_text()).exists()


@pytest.mark.parametrize("says", ["", "no JSON", "[]", '{"lengths": 3}', '{"lengths": []}'])
def test_a_process_that_says_something_else_has_refused(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = tmp_path / "talks.py"
    talks.write_text(f"print({says!r})", encoding="utf-8")
    monkeypatch.setattr(child, "DECODER", talks)
    with pytest.raises(ValidationError, match=TOO_LONG):
        sent(progressive())


def test_the_process_knows_nothing_of_the_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the portal")
    tells = tmp_path / "tells.py"
    lines = "import json, os, sys\nseen = [dict(os.environ), sys.path, sorted(os.listdir('/proc/self/fd'))]\n"
    tells.write_text(lines + "print(json.dumps({'refused': seen}))", encoding="utf-8")
    monkeypatch.setattr(child, "DECODER", tells)
    answer, _made = child.decode(ContentFile(b""), sides=[64], into="JPEG")
    environment, path, files = answer["refused"]
    assert "SECRET_KEY" not in environment
    assert not any(Path(place, "fusus_portal").exists() for place in path)
    assert files == ["0", "1", "2", "3"]  # the last one is the list's own


def test_a_picture_that_moves_is_refused() -> None:
    for kind in ("WEBP", "PNG"):
        made = BytesIO()
        frames = [Image.new("RGB", (32, 32), color) for color in ("red", "blue")]
        frames[0].save(made, kind, save_all=True, append_images=frames[1:])
        with pytest.raises(ValidationError, match="moves"):
            sent(made.getvalue())


def test_a_photograph_with_a_second_one_behind_it_is_taken() -> None:
    made = BytesIO()
    frames = [Image.new("RGB", (320, 240), color) for color in ("red", "blue")]
    frames[0].save(made, "MPO", save_all=True, append_images=frames[1:])
    assert Image.open(BytesIO(sent(made.getvalue()))).size == (64, 48)


def test_the_decoder_answers_as_it_says() -> None:
    work = json.dumps({"sides": [64, 32], "format": "PNG"})
    command = [str(Path(decoder.__file__)), work]
    done = subprocess.run([sys.executable, "-I", *command], input=progressive(), capture_output=True, check=True)
    head, _line, made = done.stdout.partition(b"\n")
    first, second = json.loads(head)["lengths"]
    assert Image.open(BytesIO(made[:first])).size == (64, 64)
    assert Image.open(BytesIO(made[first : first + second])).size == (32, 32)


def test_nothing_else_of_the_portal_opens_pictures() -> None:
    texts = {file: file.read_text(encoding="utf-8") for file in python_files(*PACKAGES)}
    imports = [file for file, text in texts.items() if re.search(r"^(from|import) PIL", text, re.MULTILINE)]
    drawn = {file for file in imports if is_in(file, "demo") or is_in(file, "reference")}
    assert [file for file in imports if file not in drawn] == [Path(decoder.__file__)]
    assert [file for file in drawn if "Image.open" in texts[file]] == []
