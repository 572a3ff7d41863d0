"""The commands `export` and `import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synergy_cli.cli.completion import complete_topics
from synergy_cli.cli.context import Context
from synergy_cli.cli.options import complete_paths, one_of, path_from, shared
from synergy_cli.errors import SynergyError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from synergy_cli.course.course import QuestionOutline
    from synergy_cli.formats.anki_moments import Moments
    from synergy_cli.formats.format import Bank, Past, Source
    from synergy_cli.formats.intake import Intake
    from synergy_cli.formats.transfer import Transfer


STDOUT = Path("-")
"""The value of `-o` for standard output."""


def complete_exports() -> list[tuple[str, str]]:
    """List the export formats with their titles."""
    from synergy_cli.formats.formats import EXPORTS, FORMATS

    return [(name, FORMATS[name].title) for name in EXPORTS]


def complete_imports() -> list[tuple[str, str]]:
    """List the import formats with their titles."""
    from synergy_cli.formats.formats import FORMATS, IMPORTS

    return [(name, FORMATS[name].title) for name in IMPORTS]


_SECTIONS = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SECTION]...",
        autocompletion=complete_topics,
        help="Sections whose questions to export; all by default.",
        show_default=False,
    ),
]
_OUTPUT = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        parser=path_from,
        autocompletion=complete_paths,
        help="Write to FILE instead of stdout, which is also `-`.",
    ),
]
_STRICT = Annotated[
    bool, typer.Option("--strict", help="Write nothing and exit with 1 if any part of a question would be lost.")
]


@shared
def export(
    context: Context,
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            autocompletion=complete_exports,
            help="anki, aiken, gift, moodle, csv, tsv, md or html.",
        ),
    ],
    sections: _SECTIONS = None,
    output: _OUTPUT = None,
    exam: Annotated[bool, typer.Option("--exam", help="With md or html: a printable test with an answer key.")] = False,
    count: Annotated[
        int | None,
        typer.Option("--count", "-n", metavar="N", min=1, help="Write at most N questions, from all sections."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", min=0, help="With -n: choose other questions.")
    ] = None,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="With anki: include your reviews, so Anki continues from them.")
    ] = False,
    strict: _STRICT = False,
) -> None:
    """Export questions to the format of another program.

    Reports what the format cannot hold. Passages, sources and revisions are not exported.

    \b
    Examples:
      synergy export gift -o quiz.gift
      synergy export aiken d3 k2 > quiz.txt
      synergy export html --exam -n 20 -o exam.html
    """
    from synergy_cli.formats import outgoing
    from synergy_cli.formats.formats import EXAMS, EXPORTS
    from synergy_cli.formats.transfer import Transfer
    from synergy_cli.study.queue import sample

    if seed is not None and count is None:
        raise UsageError("--seed needs -n N: without it, all questions are written, in course order.")
    _check_usage(context, form, output, exam=exam, with_history=with_history)
    (chosen, pages), transfer = _chosen(context, sections or []), Transfer()
    chosen = chosen if count is None else sample(chosen, count, seed or 0)
    transfer.found = len(chosen)
    moments, bank = _moments(context, output), outgoing.bank_of(context.course, chosen, pages)
    bank = (_with_history(context, bank) if with_history else bank)._replace(changed=moments.changed)
    write = (EXAMS if exam else EXPORTS)[form]
    parts = _gathered(context, write(bank, transfer), len(chosen))
    outgoing.place_remarks(context.course.folder, transfer)
    why = "questions or parts of them would be lost" if strict and transfer.lossy else ""
    why = why if transfer.written else "the format can hold none of the questions"
    if not why:
        _write(context, form, output, parts)
        moments.keep()
    _report(context, transfer, output, saved=not why)
    if why:
        raise SynergyError(f"Nothing was written: {why}.")


def _with_history(context: Context, bank: "Bank") -> "Bank":
    history = context.history
    return bank._replace(learnt=history.learnt(bank.id), fitted=history.fitted(bank.id))


def _gathered(context: Context, written: "Iterable[str | bytes]", count: int) -> list[bytes]:
    """Yield the parts of an export file, showing progress over `count` questions."""
    parts: list[bytes] = []
    with context.terminal.bar("Writing", count) as done:
        for part in written:
            parts.append(part if isinstance(part, bytes) else part.encode())
            done(len(parts))
    return parts


def _check_usage(context: Context, form: str, output: Path | None, *, exam: bool, with_history: bool) -> None:
    """Raise UsageError for an unknown format, or one that does not support the options."""
    from synergy_cli.formats.formats import EXAMS, EXPORTS, PACKAGES

    one_of("FORMAT", form, tuple(EXPORTS))
    if context.as_json and output in (None, STDOUT):
        raise UsageError("--json needs -o FILE.")
    if form in PACKAGES and (output is None or (output == STDOUT and context.terminal.is_screen)):
        raise UsageError(f"{form} needs -o FILE, or -o - into a pipe.")
    if exam and form not in EXAMS:
        raise UsageError(f"--exam needs a printable format: {', '.join(EXAMS)}.")
    if with_history and form not in PACKAGES:
        raise UsageError(f"--with-history needs a format that holds reviews: {', '.join(PACKAGES)}.")


def _moments(context: Context, output: Path | None) -> "Moments":
    """Return the record of when each question last changed, for formats that store it."""
    from synergy_cli.cli.environment import device_file
    from synergy_cli.formats.anki_moments import Moments

    device = device_file()
    folder = device.parent if device is not None else None
    return Moments(folder, context.course.manifest.id, None if output == STDOUT else output, context.clock)


def _write(context: Context, form: str, output: Path | None, parts: list[bytes]) -> None:
    """Write a file, or else to stdout."""
    from synergy_cli.formats import outgoing
    from synergy_cli.formats.formats import PACKAGES

    if output is None or output == STDOUT:
        for part in parts:
            if form in PACKAGES:
                context.terminal.write_bytes(part)
            else:
                context.terminal.write(part.decode())
        return
    _refuse_own(context, output)
    outgoing.save(output, parts)


def _report(context: Context, transfer: "Transfer", output: Path | None, *, saved: bool) -> None:
    """Report the export. If it went to stdout, report on stderr, and without `-o -` only if there are remarks."""
    from synergy_cli.ui.exchange import export_lines

    is_file = output is not None and output != STDOUT
    target = str(output) if saved and is_file else ""
    if context.as_json:
        context.terminal.write_json({"file": target or None, **transfer.document()})
        return
    lines = export_lines(transfer, target, context.terminal.look)
    if is_file:
        context.terminal.show(lines)
    elif transfer.remarks or output is not None:
        context.terminal.say("\n".join(line.plain for line in lines))


def _chosen(context: Context, sections: list[str]) -> "tuple[list[QuestionOutline], list[str]]":
    """Return the outlines of the questions about some sections, or of all questions, and the ids of their pages."""
    from synergy_cli.course.lookup import targets

    course = context.course
    wanted = targets(course.topics, sections)
    chosen = [item for item in course.outline if not wanted or any(target.holds(item) for target in wanted)]
    named = {target.entry.id for target in wanted}
    return chosen, [entry.id for entry in course.entries if not wanted or entry.id in named]


def _refuse_own(context: Context, output: Path) -> None:
    """Refuse to write over a file of the course."""
    if output.exists() and any(output.samefile(path) for path in context.files.all):
        raise UsageError(f"{output} belongs to the course; choose another file.")


@shared
def import_(
    context: Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", parser=path_from, autocompletion=complete_paths, help="A file with questions."),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="DIRECTORY",
            parser=path_from,
            autocompletion=complete_paths,
            help="A new folder, or the course to add to.",
            show_default=False,
        ),
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="FORMAT", autocompletion=complete_imports, help="The file's format, if not recognised."
        ),
    ] = None,
    key_base: Annotated[
        int | None,
        typer.Option(
            "--key-base", metavar="N", min=0, max=1, help="Number of the first option, where keys are numbers."
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace questions even if you have edited them.")] = False,
    unsaved: Annotated[bool, typer.Option("--unsaved", help="Do not save the file's reviews to your history.")] = False,
    strict: _STRICT = False,
) -> None:
    """Create a course from another program's file, or add its questions to a course.

    Reports what cannot be read, with its line. You can import a file again after it has changed: questions keep their
    ids, and your own edits stay.

    \b
    Example:
      synergy import quiz.gift -o my-course
    """
    from synergy_cli.formats import course_folder, incoming, intake
    from synergy_cli.formats.formats import PACKAGES

    source = incoming.source_of(file, key_base)
    form = _form(source, form)
    with context.terminal.bar("Reading", 0 if form in PACKAGES else source.data.count(b"\n")) as seen:
        taken = intake.take_in(source, form, output, replaces=replace, seen=seen)
    why = "questions or parts of them would be lost" if strict and taken.transfer.lossy else ""
    why = why if taken.transfer.written else f"{source.path} has no question that can be read"
    if not why:
        course_folder.save(output, taken.files)
    reviews = _take_reviews(context, output, {} if why or unsaved else taken.reviews)
    _report_import(context, taken, source.path, output, reviews, saved=not why)
    if why:
        raise SynergyError(f"Nothing was written: {why}.")


def _report_import(
    context: Context, taken: "Intake", source: str, folder: Path, reviews: tuple[int, int], *, saved: bool
) -> None:
    """Report the import: what happened to each question, and how many reviews are new or already known."""
    from synergy_cli.course.files import display_path
    from synergy_cli.ui import exchange

    where = display_path(folder)
    if context.as_json:
        whole = {"file": source, "course": where, "saved": saved, **taken.transfer.document()}
        logged = {"reviews": dict(zip(("added", "known"), reviews, strict=True))}
        context.terminal.write_json({**whole, **taken.merged.document(), **logged})
        return
    shown = where if saved else ""
    lines = exchange.import_lines(taken, reviews, source, shown, context.terminal.look)
    context.terminal.show(lines)


def _take_reviews(context: Context, folder: Path, reviews: "dict[str, tuple[Past, ...]]") -> tuple[int, int]:
    """Save the reviews of questions to the history; return how many are new, and how many were already known."""
    if not reviews:
        return 0, 0
    from synergy_cli.course.cache import Cache
    from synergy_cli.course.course import Course
    from synergy_cli.course.files import Files
    from synergy_cli.formats.intake import events_of

    course = Course(Files(folder), Cache(None))
    revisions = {item.id: item.revision for item in course.outline}
    events = events_of(course.manifest.id, revisions, reviews, context.clock().offset)
    return context.history.take_in(course.manifest.id, events)


def _form(source: "Source", given: str | None) -> str:
    """Return the name of the given format, or else of the format detected from the file."""
    from synergy_cli.formats.formats import IMPORTS, recognised

    form = one_of("--format", given, tuple(IMPORTS)) or recognised(source.path, source.data)
    if not form:
        raise UsageError(f"{source.path}: the format is not recognised. Name it: --format {'|'.join(IMPORTS)}")
    return form
