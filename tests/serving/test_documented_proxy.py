"""docs/nginx.conf takes what the forms of the portal take."""

import re

import pytest
from django.urls import reverse

from fusus_portal.ground import held_files as ground, table_forms
from fusus_portal.ground.held_files import FIELDS_BESIDE, HeldFile
from fusus_portal.ground.serving import limits
from registry.imports.forms import ImportTableForm
from tests.peers.nginx import DOCUMENTED

MB = 1 << 20


def written() -> str:
    """Return the configuration of the portal's server."""
    return DOCUMENTED.read_text(encoding="utf-8")


def test_the_proxy_takes_as_much_as_the_portal_collects() -> None:
    [megabytes] = re.findall(r"^    client_max_body_size (\d+)m;", written(), re.MULTILINE)
    assert int(megabytes) * MB == limits.FORM_BYTES


@pytest.mark.parametrize("kind", [table_forms.TableOfForm, ground.PictureOfForm])
def test_a_file_that_a_form_may_bring_is_collected_whole(kind: type[HeldFile]) -> None:
    """Tables had a limit of 50 MB behind a proxy, and a portal, that took 32."""
    assert kind.largest + FIELDS_BESIDE <= limits.FORM_BYTES


def test_the_page_of_imports_says_the_limit() -> None:
    said = str(ImportTableForm.base_fields["file"].help_text)
    assert f"At most {table_forms.TableOfForm.largest // 10**6} MB" in said


def test_files_of_streets_pass_the_proxy_at_any_size() -> None:
    [block] = re.findall(r"location ~ (\S+) \{\n        client_max_body_size 0;", written())
    assert re.search(block, reverse("street_list"))
