/** The stylesheet of the pages that work without script. Kept in code so that a bundle needs no files beside it. */
export const formsCss = `
:root { color-scheme: light dark; --page: #f6f6f4; --card: #ffffff; --text: #1b1c1e; --quiet: #5b5f66; --line: #deded9;
  --good: #17663b; --bad: #a3231f; --accent: #1f4fb8; --warn: #7a4b00; --warn-page: #fff1d2; --field: #ffffff; --on: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --page: #131416; --card: #1b1d20; --text: #eceded; --quiet: #a3a8b0; --line: #33363b; --good: #7fd6a0; --bad: #ff9d94;
    --accent: #9cbcff; --warn: #ffd486; --warn-page: #3a2c0d; --field: #131416; --on: #111214; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; overflow-wrap: anywhere; background: var(--page); color: var(--text); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { margin: 0 auto; padding: 1.25rem 1rem 3rem; }
main.narrow { max-width: 32rem; padding-top: 10vh; }
main.wide { max-width: 44rem; }
.brand { margin: 0 0 1rem; font-weight: 650; letter-spacing: .14em; font-size: .8rem; color: var(--quiet); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin: 0 0 1rem; }
h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 .75rem; text-wrap: balance; }
h2 { font-size: 1.05rem; margin: 0 0 .6rem; } .card > * + h2 { margin-top: 1.25rem; }
h3 { font-size: .95rem; margin: 0 0 .5rem; }
p { margin: 0 0 .7rem; } .card > :last-child, form > :last-child { margin-bottom: 0; }
.reason::first-letter { text-transform: uppercase; }
.eyebrow { color: var(--quiet); font-size: .875rem; margin-bottom: .35rem; }
.amount { font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; display: flex; align-items: center; gap: .6rem; }
.quiet { color: var(--quiet); font-size: .9rem; font-weight: 400; }
.chip { display: inline-block; max-width: 100%; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .55rem; font-size: .8rem; line-height: 1.45rem;
  font-weight: 550; color: var(--quiet); }
.chip.good { color: var(--good); } .chip.bad { color: var(--bad); }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .3rem 1rem; margin: .75rem 0 0; font-size: .95rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.foreign, .foreign-inline { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; overflow: clip; }
.foreign { border-inline-start: 3px solid var(--line); padding-inline-start: .75rem; max-height: 40rem; overflow: auto; }
.foreign.whole { max-height: none; overflow: clip; }
details { margin: 0 0 .7rem; } summary { cursor: pointer; color: var(--quiet); font-size: .9rem; margin-bottom: .5rem; }
.hidden-character { font: 600 .75em/1 ui-monospace, monospace; color: var(--warn); background: var(--warn-page); border-radius: .2rem;
  padding: .1em .3em; margin: 0 .1em; unicode-bidi: isolate; white-space: nowrap; }
.votes { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
.votes p { margin: 0 0 .25rem; }
@media (min-width: 34rem) { .votes:not(.whole) li { display: grid; grid-template-columns: 9.5rem 1fr; gap: .75rem; }
  .votes:not(.whole) li > :first-child { display: flex; justify-content: space-between; align-items: start; gap: .4rem; } }
.round + .round { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: 1rem; }
.rehearsal { margin: 0; padding: .6rem 1rem; text-align: center; background: var(--warn-page); color: var(--warn); font-size: .9rem; }
.rehearsal strong { letter-spacing: .08em; margin-right: .4rem; }
.problem { color: var(--bad); font-weight: 550; }
label { display: block; font-weight: 550; margin-bottom: .35rem; }
input { display: block; margin-bottom: .9rem; }
input, textarea { width: 100%; font: inherit; color: inherit; background: var(--field); border: 1px solid var(--quiet); border-radius: .5rem; padding: .6rem .7rem; resize: vertical; }
.buttons { display: flex; flex-wrap: wrap; gap: .6rem; margin: .9rem 0; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.15rem; border-radius: .5rem; border: 1px solid var(--quiet);
  background: transparent; color: inherit; cursor: pointer; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on); }
button.good { background: var(--good); border-color: var(--good); color: var(--on); }
button.bad { background: transparent; border-color: var(--bad); color: var(--bad); }
button:focus-visible, input:focus-visible, textarea:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, monospace; background: var(--page); border: 1px solid var(--line); border-radius: .3rem; padding: .05em .35em; }
pre { font: .92em/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; }
code.command { display: block; padding: .7rem .9rem; overflow-x: auto; }
@media (max-width: 34rem) { .buttons button { flex: 1 1 100%; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } .card { padding: 1rem; } }
`;

export const faviconSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f4fb8"/><path d="M8 24 16 8l8 16M11.5 18.5h9" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
