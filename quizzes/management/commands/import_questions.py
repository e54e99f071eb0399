"""Import a question file from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.common.limited import LimitedError
from lms.people.models import User
from quizzes.enums import ImportState
from quizzes.formats import ParsedQuestion, UnreadableFileError
from quizzes.formats.apart import read_apart
from quizzes.formats.messages import doubt_text, sentence
from quizzes.models import ItemBank
from quizzes.services import imports
from quizzes.services.imports.checking import check_duplicates, check_rules


class Command(BaseCommand):
    """``import_questions FILE --bank 3 --user giangvien [--dry-run]``."""

    help = "Read a question file (Word, Excel, GIFT, Aiken, Moodle XML, QTI) and import its good questions as drafts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--bank", type=int, required=True, help="id of the bank")
        parser.add_argument("--user", help="user name of the author; needed unless --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be imported")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"No such file: {path}")
        bank = ItemBank.objects.filter(pk=options["bank"]).first()
        if bank is None:
            raise CommandError(f"There is no bank {options['bank']}.")
        if options["dry_run"]:
            self._dry_run(path, bank)
            return
        user = User.objects.filter(username=options["user"] or "").first()
        if user is None:
            raise CommandError("Name the author with --user.")
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        batch = imports.start_import(bank=bank, file=upload, actor=user)
        if batch.state == ImportState.READING:
            imports.read_import(batch.pk)
            batch.refresh_from_db()
        if batch.state == ImportState.REFUSED:
            raise CommandError(sentence(batch.problem["code"], batch.problem.get("params")))
        count = imports.commit_import(batch=batch, actor=user)
        self._say([ParsedQuestion.from_json(row.data) for row in batch.questions.order_by("position")])
        self.stdout.write(
            f"{count} imported, {batch.questions.filter(state='waiting').count()} waiting in import {batch.pk}"
        )

    def _dry_run(self, path: Path, bank: ItemBank) -> None:
        try:
            reading = read_apart(path.read_bytes(), path.name)
        except (UnreadableFileError, LimitedError) as error:
            raise CommandError(str(error)) from error
        for question in reading.questions:
            check_rules(question)
        check_duplicates(reading.questions, bank)
        for doubt in reading.doubts:
            self.stdout.write(doubt_text(doubt))
        self._say(reading.questions)
        good = sum(not question.broken for question in reading.questions)
        self.stdout.write(f"{good} good, {len(reading.questions) - good} to be mended")

    def _say(self, questions: list[ParsedQuestion]) -> None:
        for question in questions:
            for doubt in question.doubts:
                self.stdout.write(f"{doubt.severity}: {doubt_text(doubt, question.place)}")
