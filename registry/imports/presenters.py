"""Pages of imports and of copies of the registry: counts and buttons, never homes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.pages.components import Cell, Column, Table, link, number
from fusus_portal.ground.pages.numbers import in_words
from fusus_portal.ground.pages.times import localized_moment
from fusus_portal.ground.tables import BYTE_ORDER_MARK, as_csv
from registry.imports import selectors
from registry.imports.models import ImportBatch, RegistryExport
from registry.imports.parser.columns import Field, Problem, guess_columns
from registry.imports.states import AT_WORK, ExportState, ImportState

KINDS = {
    ImportState.DONE: "good",
    ImportState.FAILED: "bad",
    ImportState.CHECKED: "warn",
    ExportState.READY: "good",
    ExportState.PROPOSED: "warn",
}
UNDOABLE = (ImportState.RUNNING, ImportState.FAILED, ImportState.DONE)
WHOLE = 100


def table(batches: Iterable[ImportBatch]) -> Table:
    columns = [Column(_("Number"), "nowrap"), _("State"), number(_("Rows")), _("Uploaded")]
    return Table(_("Imports"), columns, [_row(each) for each in batches])


def _row(batch: ImportBatch) -> list[object]:
    state = Cell(tags=[(KINDS.get(ImportState(batch.state), "quiet"), batch.get_state_display())])
    uploaded = f"{localized_moment(batch.uploaded_at)}, {batch.uploaded_by.pseudonym}"
    return [link(batch.number, "import_batch", batch.pk), state, f"{batch.rows:,}", uploaded]


def page(batch: ImportBatch, rows: Sequence[tuple[int, list[str]]]) -> dict[str, Any]:
    """Return the context of an import's page. rows: the first rows of the file, or none."""
    return {
        "kind": KINDS.get(ImportState(batch.state), "quiet"),
        "can_start": batch.state == ImportState.CHECKED
        or (batch.state == ImportState.FAILED and bool(batch.key and batch.started_at)),
        "can_discard": batch.started_at is None and batch.state not in (ImportState.DISCARDED, ImportState.UNDONE),
        "can_undo": batch.state in UNDOABLE and batch.started_at is not None,
        "start_label": _start_label(batch),
        "waiting": selectors.to_write_to(batch) if batch.state == ImportState.DONE else 0,
        "has_faults": batch.faults.exists(),
        "mapped": mapped(batch, rows),
        **progress(batch),
    }


def progress(batch: ImportBatch) -> dict[str, Any]:
    return {
        "batch": batch,
        "at_work": batch.state in AT_WORK,
        "percent": batch.done_rows * WHOLE // batch.rows,
        "counts": counts(batch),
    }


def counts(batch: ImportBatch) -> list[tuple[str, int]]:
    if batch.state == ImportState.UNDONE:
        return [(_("registrations kept, since their owners use them"), batch.kept)]
    before = batch.started_at is None
    return [
        (_("rows to add") if before else _("rows added"), batch.added),
        (_("people to invite") if before else _("invitations"), batch.invited),
        (_("rows already there"), batch.there),
        (_("rows with errors"), batch.errors),
        (_("registrations"), batch.people),
        (_("cameras"), batch.cameras),
    ]


def mapped(batch: ImportBatch, rows: Sequence[tuple[int, list[str]]]) -> list[tuple[str, list[str]]]:
    return [
        (str(field.label), [row[column] if column < len(row) else "" for _number, row in rows])
        for field in Field
        if (column := batch.columns.get(field.value)) is not None
    ]


def first_guess(batch: ImportBatch) -> tuple[dict[str, int], str]:
    """Return columns and quality of points to suggest: the import's own, the last ones for this header, or a guess."""
    if batch.columns:
        return batch.columns, batch.points
    same = ImportBatch.objects.filter(header=batch.header).exclude(columns={}).order_by("-uploaded_at").first()
    return (same.columns, same.points) if same else (guess_columns(batch.header), "")


def faults_as_csv(batch: ImportBatch) -> Iterator[str]:
    """Yield CSV lines with the faults of each row of an import. They repeat no cell."""
    names = {field: batch.header[column] for field, column in batch.columns.items()}
    yield BYTE_ORDER_MARK + "row,column,what is wrong\r\n"
    for row, field, problem in selectors.faults(batch):
        line = {"row": row, "column": names.get(field, ""), "what": str(Problem(problem).label)}
        yield as_csv([line]).split("\r\n", 1)[1]


def writing(batch: ImportBatch) -> ActPage:
    number = selectors.to_write_to(batch)
    intro = ngettext(
        "An e-mail goes to %(words)s person (%(figures)s). It can't be called back.",
        "An e-mail goes to %(words)s people (%(figures)s). They can't be called back once they are sent.",
        number,
    )
    return ActPage(
        title=_("Write to the people"),
        number=batch.number,
        intro=intro % {"words": in_words(number), "figures": f"{number:,}"},
        sentences=[_("The e-mails go out at 250 a minute, one to each person.")],
        label=_("Write to them"),
        way=Way(reverse("import_batch", args=[batch.pk]), batch.number),
    )


def undoing(batch: ImportBatch) -> ActPage:
    untouched = selectors.untouched(batch).count()
    kept = batch.registrations.count() - untouched
    intro = ngettext(
        "One registration is removed, with its places, cameras, history, account and unsent e-mails. So are "
        "all invitations of this import.",
        "%(number)s registrations are removed, with their places, cameras, history, accounts and unsent "
        "e-mails. So are all invitations of this import.",
        untouched,
    )
    stays = ngettext(
        "One registration is kept: its owner has signed in, changed something or given footage.",
        "%(number)s registrations are kept: their owners have signed in, changed something or given footage.",
        kept,
    )
    return ActPage(
        title=_("Undo"),
        number=batch.number,
        heading=_("Undo this import"),
        intro=intro % {"number": f"{untouched:,}"},
        sentences=[stays % {"number": f"{kept:,}"}] if kept else [],
        label=_("Undo the whole import"),
        kind="secondary",
        way=Way(reverse("import_batch", args=[batch.pk]), batch.number),
    )


def export_line(export: RegistryExport, reader: User) -> dict[str, Any]:
    own = export.proposed_by_id == reader.pk
    return {
        "export": export,
        "kind": KINDS.get(ExportState(export.state), "quiet"),
        "can_approve": export.state == ExportState.PROPOSED,
        "why_not": _("You asked for it yourself. Another administrator approves it.") if own else "",
        "can_take": export.state == ExportState.READY and own,
        "address": reverse("registry_exports"),
    }


def _start_label(batch: ImportBatch) -> str:
    if batch.state == ImportState.FAILED:
        return _("Continue")
    added = ngettext("Add %(count)s registration", "Add %(count)s registrations", batch.people)
    kept = ngettext("keep %(count)s invitation", "keep %(count)s invitations", batch.invited)
    sentence = _("%(added)s and %(kept)s") if batch.invited else "%(added)s"
    return sentence % {
        "added": added % {"count": f"{batch.people:,}"},
        "kept": kept % {"count": f"{batch.invited:,}"},
    }
