// The frame of a file that holds one run: the run, the theme, and the keys that do something in it.
import { html, render, mark, $ } from "./dom.js";
import { get } from "./api.js";
import { sheet, listen } from "./keys.js";
import { kept, theme, THEMES } from "./theme.js";
import { runView } from "./run/run.js";

const shown = show();
async function show() {
  const run = await get("");
  render(html`<p class="brand">${mark()}<b>fanin</b></p><p class="aside">A kept run</p>
    <label class="theme"><span class="unseen">Theme</span><select @change=${(event) => theme(event.target.value)}>${THEMES.map(([value, name]) => html`<option value=${value} ?selected=${kept("theme") === value}>${name}</option>`)}</select></label>
    <button class="button help" aria-label="Keys" aria-keyshortcuts="?" @click=${sheet}>?</button>`, $("#top"));
  const root = document.createElement("div");
  root.className = "view";
  $("#main").replaceChildren(root);
  return runView(root, { id: run.id, run: "", events: "/kept/events", question: run.question, readOnly: true });
}
theme(kept("theme"));
shown.then((view) => listen((key) => view.keys[key] ?? (key === "?" ? sheet : undefined)));
