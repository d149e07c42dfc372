// Keys: the sheet that tells them, and what they do, unless somebody writes or has switched single keys off.
import { html, render, glyph, $ } from "./dom.js";
import { kept, keep } from "./theme.js";

const KEYS = [
  ["Everywhere", [["/", "Ask"], ["h", "History"], ["s", "Sources"], ["?", "This sheet"], ["Esc", "Close what is open"]]],
  ["In a run", [["Space", "Play, pause"], ["← →", "The event before, the next one"], ["[ ]", "The revision before, the next one"], ["Home End", "Start, end or now"], ["+ - 0", "Zoom in, out, to the whole"], ["1 … 9", "Open that citation"], ["f", "Fold idle time"], ["t", "Table"], ["m", "Copy as Markdown"], ["j", "Copy as JSON"], ["x", "Stop and answer now"]]],
];
export function sheet() {
  const box = $("#sheet");
  render(html`<form method="dialog"><header><h2 id="sheet-title">Keys</h2><button class="quiet-button" aria-label="Close">${glyph("failed")}</button></header>
    <div class="sheet-body">${KEYS.map(([name, keys]) => html`<section><h3>${name}</h3><dl>${keys.map(([key, what]) => html`<div><dt>${key.split(" ").map((each) => (each === "…" ? "…" : html`<kbd>${each}</kbd>`))}</dt><dd>${what}</dd></div>`)}</dl></section>`)}</div>
    <label class="single"><input type="checkbox" .checked=${kept("keys") !== "off"} @change=${(event) => keep("keys", event.target.checked ? "" : "off")}> Single keys do something</label></form>`, box);
  if (!box.open) box.showModal();
}

/** `action` gives what a key does now, if anything. */
export function listen(action) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return action("Escape")?.();
    const { target } = event;
    if (target.matches("textarea, select, input:not([type=range], [type=checkbox], [type=radio])")) return;
    if (kept("keys") === "off") return;
    if (event.key === " " && target.matches("button, a, input, summary")) return;
    if (/^Arrow|^Home|^End/.test(event.key) && target.matches("input[type=radio]")) return;
    const found = action(event.key);
    if (!found) return;
    event.preventDefault();
    found();
  });
}
