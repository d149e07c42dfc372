// The frame: address, navigation, theme, keys. Each view is drawn into <main> and gives back its keys and how to leave it.
import { html, render, glyph, mark, nothing, $ } from "./dom.js";
import { onKeyNeeded } from "./api.js";
import { go, onChange } from "./router.js";
import { askView, askNow } from "./views/ask.js";
import { historyView } from "./views/history.js";
import { healthView } from "./views/health.js";
import { ownRun, sharedRun } from "./views/runs.js";
import { signIn, signOut, session } from "./views/signin.js";
import { kept, keep, theme, THEMES } from "./theme.js";

const NONE = { keys: {}, leave() {} };
let view = NONE, turn = 0;

const PLACES = [["/", "Ask"], ["/history", "History"], ["/health", "Sources"]];
function top(path) {
  const shared = path.startsWith("/shared/");
  render(html`<a class="brand" href="/" aria-label="fanin, ask">${mark()}<b>fanin</b></a>
    ${shared ? html`<p class="aside">A shared run</p>` : html`<nav aria-label="Pages">${PLACES.map(([to, name]) => html`<a href=${to} aria-current=${path === to ? "page" : "false"}>${name}</a>`)}</nav>`}
    <label class="theme"><span class="unseen">Theme</span><select @change=${(event) => theme(event.target.value)}>${THEMES.map(([value, name]) => html`<option value=${value} ?selected=${kept("theme") === value}>${name}</option>`)}</select></label>
    ${session.value && !shared ? html`<button class="button" @click=${signOut}>Sign out</button>` : nothing}
    <button class="button help" aria-label="Keys" aria-keyshortcuts="?" @click=${sheet}>?</button>`, $("#top"));
}

const KEYS = [
  ["Everywhere", [["/", "Ask"], ["h", "History"], ["s", "Sources"], ["?", "This sheet"], ["Esc", "Close what is open"]]],
  ["In a run", [["Space", "Play, pause"], ["← →", "The event before, the next one"], ["[ ]", "The revision before, the next one"], ["Home End", "Start, end or now"], ["+ - 0", "Zoom in, out, to the whole"], ["1 … 9", "Open that citation"], ["f", "Fold idle time"], ["t", "Table"], ["m", "Copy as Markdown"], ["j", "Copy as JSON"], ["x", "Stop and answer now"]]],
];
function sheet() {
  const box = $("#sheet");
  render(html`<form method="dialog"><header><h2 id="sheet-title">Keys</h2><button class="quiet-button" aria-label="Close">${glyph("failed")}</button></header>
    <div class="sheet-body">${KEYS.map(([name, keys]) => html`<section><h3>${name}</h3><dl>${keys.map(([key, what]) => html`<div><dt>${key.split(" ").map((each) => (each === "…" ? "…" : html`<kbd>${each}</kbd>`))}</dt><dd>${what}</dd></div>`)}</dl></section>`)}</div>
    <label class="single"><input type="checkbox" .checked=${kept("keys") !== "off"} @change=${(event) => keep("keys", event.target.checked ? "" : "off")}> Single keys do something</label></form>`, box);
  if (!box.open) box.showModal();
}

async function viewOf(root, path) {
  const [, place, name = ""] = path.split("/");
  if (place === "runs") return ownRun(root, name);
  if (place === "shared") return sharedRun(root, name);
  if (place === "history") return historyView(root);
  if (place === "health") return healthView(root);
  const question = new URLSearchParams(location.search).get("q");
  if (question?.trim()) {
    const id = await askNow(question);
    go(`/runs/${id}`, { replace: true });
    return null;
  }
  return askView(root);
}

async function show() {
  const path = location.pathname, mine = ++turn;
  view.leave();
  view = NONE;
  const root = document.createElement("div");
  root.className = "view";
  $("#main").replaceChildren(root);
  top(path);
  let shown;
  try {
    shown = await viewOf(root, path);
  } catch (error) {
    if (mine !== turn) return;
    render(html`<div class="problem"><h1>${error.status === 404 ? "There is nothing here." : "That did not work."}</h1><p>${error.message}</p><p><a href="/">Ask</a></p></div>`, root);
    if (error.status === undefined) console.error(error);
    shown = { ...NONE, title: "Problem" };
  }
  if (!shown) return;
  if (mine !== turn) return shown.leave();
  view = shown;
  if (shown.title) document.title = `${shown.title} · fanin`;
}

const EVERYWHERE = {
  "/": () => { if (location.pathname !== "/") go("/"); setTimeout(() => $("#question")?.focus(), 60); },
  h: () => go("/history"), s: () => go("/health"), "?": sheet,
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return view.keys.Escape?.();
  const { target } = event;
  if (target.matches("textarea, select, input:not([type=range], [type=checkbox], [type=radio])")) return;
  if (kept("keys") === "off") return;
  if (event.key === " " && target.matches("button, a, input, summary")) return;
  if (/^Arrow|^Home|^End/.test(event.key) && target.matches("input[type=radio]")) return;
  const action = view.keys[event.key] ?? (location.pathname.startsWith("/shared/") && event.key !== "?" ? undefined : EVERYWHERE[event.key]);
  if (!action) return;
  event.preventDefault();
  action();
});

onKeyNeeded(signIn);
onChange(show);
session.subscribe(() => top(location.pathname));
theme(kept("theme"));
show();
