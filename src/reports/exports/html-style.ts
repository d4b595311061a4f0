/** How the page of a report looks: on screens light or dark, on paper A4, always readable without colours. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --muted: #5a6675; --paper: #ffffff; --panel: #f4f6f8; --line: #d5dbe1;
  --accent: #0b5c8c; --series-1: #0b5c8c; --series-2: #b3471b; --series-3: #4f7a28; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaef; --muted: #a3aebb; --paper: #14181d; --panel: #1e242b;
  --line: #39424d; --accent: #7fc4ee; --series-1: #5fb0e0; --series-2: #f0915f; --series-3: #9ccc65; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .25rem; font-size: 1.2rem; }
p { margin: .25rem 0 .75rem; }
a { color: var(--accent); }
.count { color: var(--muted); font-weight: 400; font-variant-numeric: tabular-nums; }
.note { color: var(--muted); }
header dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0 0 1rem; }
header dt { color: var(--muted); }
header dd { margin: 0; }
ul.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .6rem; padding: 0; list-style: none; }
ul.figures li { display: flex; flex-direction: column; padding: .6rem .8rem; background: var(--panel); border-radius: .4rem; }
ul.figures span { color: var(--muted); font-size: .85rem; }
ul.figures b { font-size: 1.35rem; font-variant-numeric: tabular-nums; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
figure { margin: .5rem 0 1rem; }
figure svg { width: 100%; height: auto; }
.table { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
.table:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: .88rem; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--panel); font-weight: 600; white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
td.number, th.number, td.duration, th.duration { text-align: right; font-variant-numeric: tabular-nums; }
td.number + td.text, td.number + td.date, th.number + th.text, th.number + th.date { padding-left: 1.5rem; }
td.date, td.date span { white-space: nowrap; font-variant-numeric: tabular-nums; }
@page { size: A4; margin: 14mm; }
@media print {
  :root { --ink: #000000; --muted: #444444; --paper: #ffffff; --panel: #f2f2f2; --line: #bbbbbb; --accent: #000000;
    --series-1: #0b5c8c; --series-2: #b3471b; --series-3: #4f7a28; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  ul.figures { gap: 0; }
  ul.figures li { padding: .2rem .4rem; }
  .table { overflow: visible; border: 0; }
  table { font-size: 7.5pt; }
  th, td, td.date { padding: .2rem .3rem; white-space: normal; }
  thead { display: table-header-group; }
  tr, figure, ul.figures li { break-inside: avoid; }
  h2, section > p, thead, tbody tr:first-child { break-after: avoid; }
}
`;

/** The foot of each page on paper: what it belongs to, and which page it is. */
export function toFootStyle(text: string): string {
  // As code points: nothing in a name can end the text or the style.
  const escaped = [...text].map((sign) => `\\${sign.codePointAt(0)?.toString(16)} `).join('');
  return `@page { @bottom-left { content: "${escaped}"; ${FOOT} } @bottom-right { content: "Page " counter(page) " of " counter(pages); ${FOOT} } }\n`;
}

const FOOT = 'font: 7.5pt system-ui, sans-serif; color: #444444;';
