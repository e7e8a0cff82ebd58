"""The style sheet of the report page: follows the reader's light or dark setting."""

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1d2329; --soft: #5b6670; --line: #d9dee3; --paper: #ffffff; --shade: #f5f7f9;
  --proved: #1a7f4b; --cited: #2563a8; --refuted: #b3261e; --undecided: #9a6200;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #dfe4e9; --soft: #98a4af; --line: #333c45; --paper: #14181c; --shade: #1c2227;
    --proved: #56c98c; --cited: #7fb2ea; --refuted: #f0857d; --undecided: #e0ac52;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .75rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .4rem 0; }
small, .kind { color: var(--soft); font-size: .87em; }
.title { font-size: 1.05rem; }
a { color: var(--cited); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
.math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", Georgia, serif;
  font-size: 1.04em; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace;
  font-size: .86em; overflow-wrap: anywhere; }
td:first-child code { overflow-wrap: normal; white-space: nowrap; }
pre { background: var(--shade); padding: .75rem; overflow-x: auto; overflow-wrap: normal; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .35rem 0;
  padding: .35rem .75rem; }
details[open] { background: var(--shade); }
summary { cursor: pointer; }
.badge { display: inline-block; padding: 0 .5em; border-radius: 4px; font-size: .74em;
  font-weight: 600; line-height: 1.6; vertical-align: .1em; color: var(--paper);
  background: var(--soft); }
.badge.proved { background: var(--proved); }
.badge.cited { background: var(--cited); }
.badge.refuted { background: var(--refuted); }
.badge.undecided, .badge.sampled { background: var(--undecided); }
@media print { details { break-inside: avoid; } }
"""
