// The run inside a chat: the page's own view, in a frame of a host of MCP Apps, which tells what was asked and what came of it.
// While the question runs, its events are asked for through the host, if that passes on calls of tools.
import { $ } from "./dom.js";
import { hold, drop } from "./kept_api.js";
import { sheet, listen } from "./keys.js";
import { theme } from "./theme.js";
import { runView } from "./run/run.js";

const PROTOCOL = "2026-01-26", RUN = "fanin/run", WATCH = "watch_question";
const waiting = new Map();
let number = 0, view = null, shown = "", over = false;

const send = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
const request = (method, params) => new Promise((done, fail) => { waiting.set(++number, { done, fail }); send({ id: number, method, params }); });

function show(question) {
  view?.leave();
  const root = document.createElement("div");
  root.className = "view";
  $("#main").replaceChildren(root);
  view = runView(root, { id: "", run: "", events: "/kept/events", question, readOnly: true, inChat: true });
}

/** Take what is known of a run; another one than is shown takes its place. */
function take(told) {
  if (shown && told.run.id !== shown) { drop(); show(told.run.question); }
  shown = told.run.id;
  hold(told);
}

async function watch(question) {
  for (let after = 0; !over; ) {
    const { structuredContent: told, isError } = await request("tools/call", { name: WATCH, arguments: { question, after } });
    if (isError || over || !told?.run) return;
    take(told);
    after = told.events.at(-1)?.id ?? after;
  }
}

const HEARD = {
  "ui/notifications/tool-input"({ arguments: given = {} }, host) {
    show(given.question);
    if (host.serverTools) watch(given.question).catch(() => {}); // then the result shows all
  },
  "ui/notifications/tool-result"(result) {
    over = true;
    const told = result._meta?.[RUN];
    if (!view) show("");
    if (told) take(told);
    else hold({ events: [{ event: "failed", message: result.content?.find((each) => each.type === "text")?.text ?? "The host did not hand over the run." }] });
  },
  "ui/notifications/tool-cancelled"({ reason }) { over = true; hold({ events: [{ event: "failed", message: reason ?? "The question was cancelled." }] }); },
  "ui/notifications/host-context-changed"(context) { if (context.theme) theme(context.theme); },
};

let host = {};
addEventListener("message", ({ source, data }) => {
  if (source !== parent || data?.jsonrpc !== "2.0") return;
  if (data.method === undefined) {
    const answer = waiting.get(data.id);
    waiting.delete(data.id);
    return data.error ? answer?.fail(new Error(data.error.message)) : answer?.done(data.result);
  }
  HEARD[data.method]?.(data.params ?? {}, host);
  if (data.id !== undefined) send({ id: data.id, result: {} });
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[target]");
  if (!link || !host.openLinks) return;
  event.preventDefault();
  request("ui/open-link", { url: link.href }).catch(() => {});
});

let height = 0;
function resized() {
  const now = Math.ceil($("#main").getBoundingClientRect().height);
  if (now !== height) send({ method: "ui/notifications/size-changed", params: { width: document.documentElement.clientWidth, height: (height = now) } });
}

async function open() {
  document.documentElement.dataset.in = "chat";
  const told = await request("ui/initialize", { appInfo: { name: "fanin", version: "1" }, appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] }, protocolVersion: PROTOCOL });
  host = told.hostCapabilities ?? {};
  if (told.hostContext?.theme) theme(told.hostContext.theme);
  listen((key) => view?.keys[key] ?? (key === "?" ? sheet : undefined));
  new ResizeObserver(resized).observe($("#main"));
  send({ method: "ui/notifications/initialized", params: {} });
}
open();
