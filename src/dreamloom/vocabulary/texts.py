"""In which language is something said? In English, as it stands in the code, unless another way of saying is given."""

from typing import Protocol


class Say(Protocol):
    """Says an English text, with what stands for each {name} in it, in the language of whoever reads."""

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in that language; as it is where there is none."""
        ...


def in_english(text: str, /, **values: object) -> str:
    """The text itself."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
