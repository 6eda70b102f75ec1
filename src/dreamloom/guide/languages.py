"""Which languages does the guide speak?"""

from dreamloom.guide.wording import Wording
from dreamloom.guide.words_de import GERMAN
from dreamloom.guide.words_en import ENGLISH
from dreamloom.vocabulary.errors import UsageError

WORDINGS = {each.code: each for each in (ENGLISH, GERMAN)}


def wording(language: str) -> Wording:
    """Its texts in this language: "en", "de-AT".

    Raises:
        UsageError: DL-E710 for one it does not speak.
    """
    found = WORDINGS.get(language.replace("_", "-").partition("-")[0].casefold())
    if found is None:
        raise UsageError(
            "DL-E710", f"The guide does not speak {language!r}.", do=f"Choose from: {', '.join(sorted(WORDINGS))}."
        )
    return found
