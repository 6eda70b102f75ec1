"""In which languages are reports coded, and by which book? One language at a time."""

from collections.abc import Iterable

from dreamloom.vocabulary.errors import RefusedError
from dreamloom.weave.coding import english, german
from dreamloom.weave.coding.rules import Code, CodeBook, coded
from dreamloom.weave.languages import told_in
from dreamloom.weave.reports import Report
from dreamloom.weave.words import words_of

BOOKS: dict[str, CodeBook] = {book.language: book for book in (english.BOOK, german.BOOK)}


def language_of(report: Report) -> str:
    """What the report says, else what it plainly is; "" where neither is known."""
    return report.language.lower()[:2] or told_in(word.text for word in words_of(report.text))


def book_for(reports: Iterable[Report]) -> CodeBook:
    """The one book for all of these reports.

    Raises:
        RefusedError: DL-E720 for reports in several languages, DL-E721 for a language without a book.
    """
    languages = sorted({language_of(each) for each in reports if each.text.strip()} - {""})
    if len(languages) > 1:
        raise RefusedError(
            "DL-E720",
            f"These reports are in {' and '.join(languages)}.",
            why="Lists of two languages do not count alike, so that their figures cannot stand beside each other.",
            do="Code the reports of one language at a time.",
        )
    language = languages[0] if languages else "en"
    if language not in BOOKS:
        raise RefusedError(
            "DL-E721",
            f"There is no code book for {language!r}.",
            why=f"There is one for {', '.join(sorted(BOOKS))}.",
            still="People can code these reports by hand.",
            do="Write a book like weave/coding/german.py.",
        )
    return BOOKS[language]


def coded_reports(reports: Iterable[Report]) -> list[tuple[Report, list[Code]]]:
    """Each report with its codes, by one book."""
    known = list(reports)
    book = book_for(known)
    return [(each, coded(each.text, book)) for each in known]
