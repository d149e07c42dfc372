// The frame: address, navigation, theme, keys. Each view is drawn into <main> and gives back its keys and how to leave it.
import { html, render, mark, nothing, $ } from "./dom.js";
import { onKeyNeeded } from "./api.js";
import { go, onChange } from "./router.js";
import { askView, askNow } from "./views/ask.js";
import { historyView } from "./views/history.js";
import { healthView } from "./views/health.js";
import { ownRun, sharedRun } from "./views/runs.js";
import { signIn, signOut, session } from "./views/signin.js";
import { sheet, listen } from "./keys.js";
import { kept, theme, themes } from "./theme.js";

const NONE = { keys: {}, leave() {} };
let view = NONE, turn = 0;

const PLACES = [["/", "Ask"], ["/history", "History"], ["/health", "Sources"]];
function top(path) {
  const shared = path.startsWith("/shared/");
  render(html`<a class="brand" href="/" aria-label="fanin, ask">${mark()}<b>fanin</b></a>
    ${shared ? html`<p class="aside">A shared run</p>` : html`<nav aria-label="Pages">${PLACES.map(([to, name]) => html`<a href=${to} aria-current=${path === to ? "page" : "false"}>${name}</a>`)}</nav>`}
    ${themes()}
    ${session.value && !shared ? html`<button class="button" @click=${signOut}>Sign out</button>` : nothing}
    <button class="button help" aria-label="Keys" aria-keyshortcuts="?" @click=${sheet}>?</button>`, $("#top"));
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
const isShared = () => location.pathname.startsWith("/shared/");
listen((key) => view.keys[key] ?? (key === "?" || !isShared() ? EVERYWHERE[key] : undefined));
onKeyNeeded(signIn);
onChange(show);
session.subscribe(() => top(location.pathname));
theme(kept("theme"));
show();
