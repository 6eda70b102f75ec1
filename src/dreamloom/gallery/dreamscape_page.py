"""How does one read a dreamscape without its file? As Markdown: sentences, map, and who says each parameter."""

from collections.abc import Mapping

from dreamloom.dreamscape.explain import explain, tags_said
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.dreamscape.parameters import Parameter, parameters

MADE_BY = "<!-- Made by tools/dreamscape_pages.py from the dreamscape itself; change that, never this. -->"


def dreamscape_page(dreamscape: Dreamscape, sha256: str) -> str:
    """The page of one dreamscape, beside which lies its map of the same name as SVG."""
    name = dreamscape.name
    picture = (
        f"![Map of {name}: its scenes and steps, evening to morning; the sentences below say the same]({name}.svg)"
    )
    later = [f"- {found.text}" for found in not_yet(dreamscape)] or ["- Everything in it is obeyed."]
    lines = [
        *(MADE_BY, f"# {name}", "", dreamscape.intent or "", ""),
        *(f"After {dreamscape.source}. Version {dreamscape.version}, SHA-256 `{sha256}`.", ""),
        *(f"`dreamloom explain {name}` says the same on your machine. Not a medical device.", ""),
        picture,
        *("", "## What a night of it does", "", *[f"- {sentence}" for sentence in explain(dreamscape)], ""),
        *("## Its tags", "", *[f"- {said}" for said in tags_said(dreamscape)], ""),
        *("## What this version does not obey yet", "", *later, ""),
        *("## Every parameter, and who says so", "", "| parameter | value | source |", "|---|---|---|"),
        *[_row(row) for row in parameters(dreamscape)],
    ]
    return "\n".join(lines) + "\n"


def index_page(dreamscapes: Mapping[str, Dreamscape]) -> str:
    """All of them in one table: intent, source, and how many of their parameters come from the literature."""
    lines = [
        *(MADE_BY, "# The dreamscapes that come with Dreamloom", ""),
        *("| dreamscape | what it is for | after | sourced of all parameters |", "|---|---|---|---|"),
        *[_entry(name, dreamscape) for name, dreamscape in dreamscapes.items()],
        *("", "A parameter is *sourced* where its publication or code says it, else *ours*, with the reason.", ""),
    ]
    return "\n".join(lines)


def _entry(name: str, dreamscape: Dreamscape) -> str:
    rows = parameters(dreamscape)
    sourced = sum(row.provenance.startswith("sourced") for row in rows)
    intent, source = _cell(dreamscape.intent or ""), _cell(dreamscape.source or "")
    return f"| [{name}]({name}.md) | {intent} | {source} | {sourced} of {len(rows)} |"


def _row(row: Parameter) -> str:
    value = f"{row.value:.10g}" if isinstance(row.value, float) else str(row.value)
    unit = f" {row.unit}" if row.unit not in ("", "share") else ""
    return f"| `{row.path}` | {_cell(value + unit)} | {_cell(row.provenance)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
