"""Why files can't be used is said in the language of whoever reads it."""

from pathlib import Path

import pytest
from django.utils import translation

from fusus_portal.ground.streets.readers import Unreadable, open_source
from fusus_portal.ground.streets.services import uploads
from tests.factories import person
from tests.streets.uploads import SHELBY, as_file


def test_a_file_that_can_not_be_opened_is_refused_in_spanish(tmp_path: Path) -> None:
    file = tmp_path / "calles.csv"
    file.write_text("")
    with translation.override("es"), pytest.raises(Unreadable, match=r"calles\.csv está vacío\."):
        open_source(file)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Most of addresses.csv is in Shelby County"), ("es", "La mayor parte de addresses.csv está en Shelby")],
)
def test_the_worker_says_it_in_the_language_of_whoever_uploaded_them(language: str, said: str) -> None:
    by = person("administrator", language=language)
    data = uploads.upload(uploaded=[as_file(SHELBY)], by=by)
    assert uploads.read(pk=data.pk)
    data.refresh_from_db()
    assert said in data.why
