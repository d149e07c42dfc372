// The frame of a file that holds one run: the run, the theme, and the keys that do something in it.
import { html, render, mark, $ } from "./dom.js";
import { hold } from "./kept_api.js";
import { sheet, listen } from "./keys.js";
import { kept, theme, themes } from "./theme.js";
import { runView } from "./run/run.js";

const told = JSON.parse($("#kept").textContent);
render(html`<p class="brand">${mark()}<b>fanin</b></p><p class="aside">A kept run</p>${themes()}
  <button class="button help" aria-label="Keys" aria-keyshortcuts="?" @click=${sheet}>?</button>`, $("#top"));
const root = document.createElement("div");
root.className = "view";
$("#main").replaceChildren(root);
theme(kept("theme"));
hold(told);
const { keys } = runView(root, { id: told.run.id, run: "", events: "/kept/events", question: told.run.question, readOnly: true });
listen((key) => keys[key] ?? (key === "?" ? sheet : undefined));
