"""What does a report look like? One style sheet: night by default, day where a screen or a printer asks for it."""

from dreamloom.gallery.palette import DAY, NIGHT, variables

RULES = """
* { box-sizing: border-box; }
html { color-scheme: dark light; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
header, main, footer { max-width: 1040px; margin: 0 auto; padding: 0 24px; }
h1, h2, h3 { line-height: 1.2; font-weight: 600; text-wrap: balance; }
h1 { font-size: 34px; margin: 4px 0 6px; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 24px; margin: 0; }
h3 { font-size: 16px; margin: 34px 0 2px; }
p { margin: 6px 0; max-width: 76ch; }
a { color: var(--link); text-underline-offset: 3px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.staff { margin: 20px 0 26px; padding: 9px 14px; max-width: none; border: 1px solid var(--rule); border-radius: 8px;
  color: var(--dim); font-size: 14px; }
.staff strong { color: var(--ink); }
.kicker { color: var(--dim); margin: 0; }
.facts { color: var(--dim); margin: 0; }
.facts b { color: var(--ink); font-weight: 500; }
.card { background: var(--panel); border: 1px solid var(--rule); border-radius: 14px; padding: 26px 30px 28px;
  margin: 22px 0; }
.glance { list-style: none; margin: 10px 0 0; padding: 0; }
.glance li { padding: 7px 0; font-size: 18px; line-height: 1.5; border-top: 1px solid var(--rule); }
.glance li:first-child { border-top: 0; }
.glance a { font-weight: 600; }
.heading { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline; }
.heading p { color: var(--dim); }
.note { color: var(--dim); font-size: 14px; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
.numbers { display: grid; grid-template-columns: repeat(4, 1fr); gap: 20px 22px; margin: 22px 0 6px; }
.numbers div { border-top: 1px solid var(--rule); padding-top: 10px; }
.numbers dt { color: var(--dim); font-size: 14px; line-height: 1.35; }
.numbers dd { margin: 0; font-size: 27px; font-weight: 600; line-height: 1.25; letter-spacing: -.01em; }
.numbers dd.rem { color: var(--rem); } .numbers dd.cue { color: var(--cue); }
.numbers dd small { display: block; font-size: 14px; font-weight: 400; color: var(--dim); letter-spacing: 0; }
figure { margin: 0; }
figcaption { color: var(--dim); font-size: 14px; margin: 0 0 10px; max-width: 84ch; }
details { margin: 8px 0 0; }
summary { color: var(--link); font-size: 14px; cursor: pointer; padding: 4px 0; width: fit-content; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; margin: 8px 0 4px; }
caption { text-align: left; color: var(--dim); padding: 2px 0 6px; }
th, td { text-align: left; padding: 6px 14px 6px 0; border-top: 1px solid var(--rule); vertical-align: top; }
thead th, thead td { color: var(--dim); font-weight: 500; border-top: 0; white-space: nowrap; }
tbody th { font-weight: 500; } tbody th.group { color: var(--dim); padding-top: 16px; border-top: 0; }
.n { text-align: right; white-space: nowrap; }
.when { white-space: nowrap; }
.meaning { display: block; font-weight: 400; color: var(--dim); font-size: 13px; }
.share { width: 34%; min-width: 120px; } .share svg { display: block; width: 100%; height: 14px; margin-top: 4px; }
.moments { list-style: none; padding: 0; margin: 6px 0 0; font-size: 15px; }
.moments li { display: grid; grid-template-columns: 84px 1fr; padding: 4px 0; } .moments b { font-weight: 500; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 44px; }
footer { color: var(--dim); font-size: 14px; padding-top: 4px; padding-bottom: 44px; }
"""
CHART_RULES = """
.chart { display: block; width: 100%; height: auto; } .narrow { display: none; }
.chart text { font-size: 12.5px; fill: var(--dim); font-family: inherit; }
.chart .local { fill: var(--ink); } .chart .letter { font-size: 14px; font-weight: 600; fill: var(--ink); }
.chart .rem-letter { font-size: 14px; font-weight: 700; fill: var(--rem); }
.grid { stroke: var(--rule); stroke-width: 1; }
.riser { fill: none; stroke: var(--waiting); stroke-width: 1; }
.stage-w { fill: var(--wake); } .stage-r { fill: var(--rem); } .stage-n1 { fill: var(--n1); }
.stage-n2 { fill: var(--n2); } .stage-n3 { fill: var(--n3); }
.hatch { stroke: var(--missing); stroke-width: 1; fill: none; }
.unknown { stroke: none; } .loss { stroke: var(--missing); stroke-width: 1; }
.lights { fill: none; stroke: var(--dim); stroke-width: 1; stroke-dasharray: 3 3; }
.arousal { fill: none; stroke: var(--ink); stroke-width: 1.25; }
.cue { fill: none; stroke: var(--cue); stroke-width: 1.5; }
.failed, .cue.unknown { stroke: var(--missing); }
.band { fill: var(--waiting); }
.gate-open { fill: var(--rem); }
.rem-area { fill: var(--rem); fill-opacity: .55; stroke: var(--rem); stroke-width: 1; }
.waiting { fill: none; stroke: var(--waiting); stroke-width: 1; }
.protecting { fill: var(--protecting); }
.held.missing { stroke: var(--missing); stroke-width: 1; }
"""
"""Every picture of a night, on any page that has the tokens."""
NARROW_RULES = """
@media (max-width: 720px) {
  header, main, footer { padding-left: 14px; padding-right: 14px; }
  h1 { font-size: 27px; }
  .card { margin-left: -14px; margin-right: -14px; padding: 20px 16px; border-radius: 0;
    border-left: 0; border-right: 0; }
  .glance li { font-size: 16px; }
  .numbers { grid-template-columns: repeat(2, 1fr); gap: 16px; } .numbers dd { font-size: 23px; }
  .pair { grid-template-columns: 1fr; }
  .wide { display: none; } .narrow { display: block; }
}
"""

PRINT_RULES = """
@page { margin: 14mm; }
body { background: #fff; font-size: 10.5pt; }
header, main, footer { max-width: none; padding: 0; }
.card { border: 0; padding: 0; margin: 18px 0; background: none; } h3 { margin-top: 18px; }
.pod { break-before: page; }
figure, .numbers, tr, .moments li { break-inside: avoid; } h2, h3, figcaption { break-after: avoid; }
details:not([open]) { display: none; }
a { color: inherit; text-decoration: none; }
.wide { display: block; } .narrow { display: none; }
.numbers { grid-template-columns: repeat(4, 1fr); } .numbers dd { font-size: 16pt; }
.pair { grid-template-columns: 1fr 1fr; }
.scroll { overflow: visible; }
"""


def charts_style() -> str:
    """What a page of somebody else's look needs to show the same pictures."""
    narrow = "@media (max-width: 720px) { .wide { display: none; } .narrow { display: block; } }"
    return f"{CHART_RULES.strip()}\n{narrow}\n"


def style_sheet() -> str:
    """The whole style sheet, the same bytes every time, so that a page can name it by its hash."""
    day = f":root {{ {variables(DAY)} }}"
    return "\n".join(
        [
            f":root {{ {variables(NIGHT)} }}",
            f"@media (prefers-color-scheme: light) {{ {day} }}",
            RULES.strip(),
            CHART_RULES.strip(),
            NARROW_RULES.strip(),
            f"@media print {{ {day} {PRINT_RULES.strip()} }}",
            "",
        ]
    )
