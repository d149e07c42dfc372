// The HTTP API: requests, problems, and the events of a run, which are followed through lost connections.

/** What the server refused and why; `kind` is one word of its own, `offline` if it was not reached. */
export class Problem extends Error {
  constructor(status, kind, detail) {
    super(detail);
    this.status = status;
    this.kind = kind;
  }
}

let signIn = async () => false;
/** `ask` shows how to sign in, and gives whether somebody did. */
export const onKeyNeeded = (ask) => { signIn = ask; };

async function send(method, path, { body, ...options } = {}) {
  const headers = { ...options.headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
  let response;
  try {
    response = await fetch(path, { method, ...options, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "offline", "The server cannot be reached.");
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  if (response.status === 401 && path !== "/v1/session" && (await signIn())) return send(method, path, { body, ...options });
  throw new Problem(response.status, told.kind ?? "error", told.detail ?? `The server answered with ${response.status}.`);
}

export async function call(method, path, body) {
  const response = await send(method, path, { body });
  return response.status === 204 ? null : response.json();
}
export const get = (path) => call("GET", path);

const begun = new Map();
/** Ask, and give the id of the run; `follow` goes on with the stream that was opened. */
export async function ask(body) {
  const response = await send("POST", "/v1/ask/stream", { body: { ...body, on_disconnect: "continue" } });
  const id = response.headers.get("Fanin-Run");
  begun.set(id, response);
  return id;
}

/** The values of server-sent events in a body; a server that is silent for longer than its heartbeats counts as gone. */
export async function* messages(body, quiet = 40_000) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "", timer = 0;
  try {
    while (true) {
      timer = setTimeout(() => reader.cancel().catch(() => {}), quiet);
      const { value, done } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
        if (data) yield JSON.parse(data);
      }
    }
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
}

const FINAL = ["answered", "failed"];

/** Every event of a run, in order and once; `state` is told "open", "lost" or "over". Raises Problem if there is no run. */
export async function follow(path, { event, state, signal }) {
  const id = path.split("/").at(-2);
  let response = begun.get(id), seen = 0, wait = 400;
  begun.delete(id);
  while (!signal.aborted) {
    try {
      response ??= await send("GET", `${path}?after=${seen}`, { signal });
      if (response.status === 204) return state("over");
      state("open");
      for await (const each of messages(response.body)) {
        if (signal.aborted) return;
        if (each.id && each.id <= seen && each.event !== "snapshot") continue;
        seen = each.id ?? seen;
        wait = 400;
        event(each);
        if (FINAL.includes(each.event)) return state("over");
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && ![0, 429, 502, 503, 504].includes(error.status)) throw error;
    }
    response = undefined;
    state("lost");
    await pause(wait, signal);
    wait = Math.min(wait * 2, 5_000);
  }
}

const pause = (milliseconds, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    for (const [target, name] of [[window, "online"], [signal, "abort"]]) target.addEventListener(name, () => { clearTimeout(timer); done(); }, { once: true });
  });
