"""What do pages of outcomes look like? One style sheet, for a screen and for paper; every colour is a token."""

from dreamloom.gallery.palette import DAY, variables

RULES = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 17px/1.55 Inter, ui-sans-serif, system-ui,
  -apple-system, "Segoe UI", Roboto, Arial, sans-serif; font-variant-numeric: tabular-nums; }
.languages { float: left; }
.themes, .languages { display: flex; justify-content: flex-end; gap: 4px; padding: 4px 16px 0; font-size: 14px; }
.themes a, .languages a { color: var(--dim); min-height: 24px; padding: 2px 10px; border: 1px solid transparent;
  border-radius: 12px; }
.themes [aria-current], .languages [aria-current] { color: var(--ink); border-color: var(--dim);
  text-decoration: none; }
main { max-width: 800px; margin: 0 auto; padding: 12px 24px 48px; }
h1 { font-size: 28px; line-height: 1.2; margin: 14px 0 6px; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 34px 0 4px; } h3 { font-size: 17px; margin: 22px 0 2px; }
p { margin: 8px 0; max-width: 70ch; } a { color: var(--link); } ul { padding-left: 1.2em; margin: 8px 0; }
li { margin: 6px 0; max-width: 70ch; }
.dim, caption, figcaption, footer, small { color: var(--dim); } small { font-weight: 400; }
.before { display: block; } .screen a { display: inline-block; margin-right: 1.2em; }
.hold { border: 1px solid var(--protecting); border-left-width: 6px; border-radius: 10px; background: var(--panel);
  padding: 6px 18px 12px; margin: 18px 0; }
.hold h2 { margin-top: 8px; }
figure { margin: 18px 0 6px; background: var(--panel); border: 1px solid var(--rule); border-radius: 12px;
  padding: 12px 16px 10px; break-inside: avoid; }
figure h3 { margin: 0; } figcaption { font-size: 15px; margin: 2px 0 8px; }
.chart { display: block; width: 100%; height: auto; } .chart.narrow { display: none; }
.chart .grid { stroke: var(--rule); stroke-width: 1; } .chart .ground { stroke: var(--dim); stroke-width: 1; }
.chart .label { fill: var(--dim); font-size: 13px; } .chart .night { fill: var(--link); }
.chart .band { fill: var(--dim); fill-opacity: .22; } .chart .mean { stroke: var(--ink); stroke-width: 2; }
.chart .hatch { stroke: var(--missing); stroke-width: 1; } .chart .begins { stroke: var(--dim); stroke-width: 1;
  stroke-dasharray: 4 3; }
.chart .held { stroke: var(--protecting); stroke-width: 2; }
.chart .held-label { fill: var(--protecting); font-size: 13px; font-weight: 600; }
details { margin: 4px 0; } summary { cursor: pointer; color: var(--link); min-height: 28px; font-size: 15px;
  width: fit-content; }
.scroll { overflow-x: auto; } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 15px; margin: 6px 0; } caption { text-align: left; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-top: 1px solid var(--rule); vertical-align: top; }
thead th { color: var(--dim); font-weight: 500; border-top: 0; } .n { text-align: right; }
tbody th { font-weight: 500; }
fieldset { border: 0; margin: 18px 0 0; padding: 0; } legend { padding: 0; margin-bottom: 6px; font-weight: 600; }
.scale { display: flex; flex-wrap: wrap; gap: 6px; } .scale label { position: relative; }
.scale input { position: absolute; inset: 0; opacity: 0; width: 100%; height: 100%; margin: 0; cursor: pointer; }
.scale span { display: grid; place-items: center; min-width: 44px; min-height: 44px; padding: 2px 10px;
  border: 1px solid var(--dim); border-radius: 10px; background: var(--panel); }
.scale input:checked + span { background: var(--ink); color: var(--ground); font-weight: 700; }
.scale input:focus-visible + span { outline: 2px solid var(--link); outline-offset: 2px; }
form > p { margin-top: 18px; }
label.line { display: block; font-weight: 600; } .choice { display: flex; gap: 10px; align-items: center;
  min-height: 40px; } .choice input { width: 20px; height: 20px; accent-color: var(--link); }
input[type="text"], input[type="number"], textarea { font: inherit; color: var(--ink); background: var(--panel);
  border: 1px solid var(--dim); border-radius: 10px; min-height: 44px; padding: 6px 12px; }
textarea, input[type="text"] { display: block; width: 100%; margin-top: 4px; } input[type="number"] { width: 6em; }
button { font: inherit; font-weight: 600; min-height: 46px; padding: 6px 20px; color: var(--ink);
  background: var(--panel); border: 1px solid var(--link); border-radius: 12px; cursor: pointer; }
.buttons { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 16px; }
.wrong { border-left: 4px solid var(--bad); background: var(--panel); padding: 4px 14px; margin: 12px 0; }
footer { margin-top: 36px; font-size: 15px; border-top: 1px solid var(--rule); padding-top: 10px; }
@media (max-width: 560px) { main { padding: 8px 14px 32px; } .chart.wide { display: none; }
  .chart.narrow { display: block; } figure { padding: 10px 10px 8px; margin-left: -4px; margin-right: -4px; } }
@page { margin: 12mm; }
@media print { body { font-size: 9.5pt; line-height: 1.35; } .hold { padding: 2px 10px; margin: 6px 0; }
  main { max-width: none; padding: 0; } h1 { font-size: 17pt; margin-top: 0; }
  h2 { font-size: 12pt; margin: 10px 0 2px; } li, p { margin: 3px 0; max-width: none; } figure { padding: 4px 8px;
  margin: 0; } figcaption { font-size: 8.5pt; margin: 0; } h3 { font-size: 10.5pt; }
  .figures { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
  .chart.wide { display: block; } .chart.narrow, .themes, .languages, form, details, .screen,
  .off-paper { display: none; }
  footer { margin-top: 8px; font-size: 9pt; } }
"""


def standalone() -> str:
    """The same for a page in a file of its own, in day colours."""
    return f":root {{ color-scheme: light; {variables(DAY)} }}\n{RULES}"
