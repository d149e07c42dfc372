// The tools of a run: stop, replay, zoom, copies and downloads, sharing.
import { html, nothing, glyph, signal } from "../dom.js";
import * as player from "../player.js";
import { call } from "../api.js";
import { toast } from "../live.js";
import { markdown } from "./markdown.js";

const SPEEDS = [0.25, 0.5, 1, 2];

export function toolbar({ source, run, outline, asTable }) {
  const stopping = signal(false), sharing = signal(false), shared = signal(undefined);
  const stop = async () => {
    stopping.value = true;
    try { await call("POST", `/v1/runs/${source.id}/cancel`); } catch (error) { toast(error.message); }
    stopping.value = false;
  };
  const copy = async (text, what) => {
    try { await navigator.clipboard.writeText(text); toast(`Copied ${what}`); } catch { toast("The browser did not allow copying"); }
  };
  const save = (text, name, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  const asMarkdown = () => run().final && run().answer && copy(markdown(run()), "as Markdown");
  const asJson = async () => {
    if (!run().final || !run().answer) return;
    await copy(JSON.stringify((await call("GET", source.run)).answer, null, 2), "as JSON");
  };
  const trace = async () => save(JSON.stringify(await call("GET", `${source.run}/trace.json`)), `fanin-${source.id}.trace.json`, "application/json");
  const download = async (event) => {
    const what = event.target.value;
    event.target.value = "";
    try {
      if (what === "md") save(markdown(run()), `fanin-${source.id}.md`, "text/markdown");
      if (what === "json") save(JSON.stringify((await call("GET", source.run)).answer, null, 2), `fanin-${source.id}.json`, "application/json");
      if (what === "trace") await trace();
    } catch (error) { toast(error.message); }
  };
  const toggle = async () => {
    sharing.value = !sharing.value;
    if (!sharing.value || shared.value !== undefined) return;
    let name = null;
    try { ({ name } = await call("GET", `/v1/runs/${source.id}/share`)); } catch { /* then there is none to show */ }
    if (shared.value === undefined) shared.value = name; // a link may have been made meanwhile
  };
  const change = (method, told) => async () => {
    try { shared.value = (await call(method, `/v1/runs/${source.id}/share`))?.name ?? null; toast(told); } catch (error) { toast(error.message); }
  };
  const address = () => `${location.origin}/shared/${shared.value}`;

  const share = () => html`<div class="share">${shared.value
    ? html`<p><b>Whoever has this link can read this run</b>, but not your other runs. <input class="link" readonly aria-label="Link" .value=${address()} @focus=${(event) => event.target.select()}></p>
      <span class="group"><button class="button strong" @click=${() => copy(address(), "the link")}>${glyph("copy")} Copy</button><button class="button" @click=${change("DELETE", "The link is taken back")}>Take it back</button></span>`
    : html`<p><b>Nobody else can see this run.</b> A link would be read-only, with a name that cannot be guessed, and you can take it back at any time.</p>
      <button class="button strong" @click=${change("POST", "The link is made")}>Make a link</button>`}</div>`;

  const view = ({ live, following, goLive }) => {
    const done = run().final && run().answer, ended = player.t.value >= outline().total;
    return html`<div class="tools" role="toolbar" aria-label="Run">
      ${live
        ? html`${source.readOnly ? nothing : html`<button class="button strong stop-run" ?disabled=${stopping.value} @click=${stop} aria-keyshortcuts="x">${glyph("stop")} Stop and answer now</button>`}
          ${following ? nothing : html`<button class="button" @click=${goLive}>${glyph("play")} Back to now</button>`}`
        : html`<button class="button strong" @click=${player.toggle} aria-keyshortcuts="Space">${player.playing.value ? html`${glyph("pause")} Pause` : ended ? html`${glyph("again")} Replay` : html`${glyph("play")} Play`}</button>
          <span class="group" role="group" aria-label="Speed">${SPEEDS.map((each) => html`<button class="button" aria-pressed=${player.speed.value === each} @click=${() => (player.speed.value = each)}>${each}×</button>`)}</span>`}
      <span class="group" role="group" aria-label="Zoom"><button class="button" aria-label="Zoom out" ?disabled=${player.zoom.value.times <= 1} @click=${() => player.zoomBy(0.5)}>−</button><button class="button" aria-label="Zoom in" @click=${() => player.zoomBy(2)}>+</button></span>
      <button class="button" aria-pressed=${player.folded.value} @click=${() => (player.folded.value = !player.folded.value)}>${glyph("fold")} Fold idle time</button>
      <button class="button" aria-pressed=${asTable.value} @click=${() => (asTable.value = !asTable.value)}>${glyph("table")} Table</button>
      <span class="push"></span>
      <button class="button" ?disabled=${!done} @click=${asMarkdown}>${glyph("copy")} Copy</button>
      ${source.inChat ? nothing : html`<label class="button select"><span class="unseen">Download</span><select ?disabled=${!done} @change=${download}><option value="">Download</option><option value="md">Markdown</option><option value="json">JSON</option><option value="trace">Trace</option></select></label>`}
      ${source.readOnly ? nothing : html`<button class="button" ?disabled=${!run().final} aria-expanded=${sharing.value} @click=${toggle}>${glyph("share")} Share</button>`}
    </div>${sharing.value && run().final ? share() : nothing}`;
  };
  const keys = { m: asMarkdown, j: () => asJson().catch((error) => toast(error.message)), x: () => { if (!outline().final && !source.readOnly) stop(); } };
  return { view, keys, signals: [stopping, sharing, shared] };
}
