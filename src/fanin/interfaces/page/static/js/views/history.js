// History: the kept runs, the newest first, found by words of the question or the answer.
import { html, svg, render, signal, effect, nothing } from "../dom.js";
import { get } from "../api.js";
import { count, seconds } from "../say.js";

const ENDS = { answered: "answered", silent: "not answered", none: "no answer", cancelled: "stopped", failed: "failed" };
const ended = (run) => (run.status !== "answered" ? run.status : !run.success ? "none" : run.answered ? "answered" : "silent");
const day = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hour12: false });

/** The text with the first of the words in it marked. */
function marked(text, words) {
  const lower = text.toLowerCase(), at = lower.length === text.length ? Math.min(...words.map((word) => lower.indexOf(word)).filter((each) => each >= 0)) : Infinity;
  const word = words.find((each) => lower.startsWith(each, at));
  return word ? html`${text.slice(0, at)}<mark>${text.slice(at, at + word.length)}</mark>${text.slice(at + word.length)}` : text;
}

/** The lanes of a run, each source a line from the question to its end; the bar at the right is the deadline. */
function figure({ figure: { deadline, lanes }, seconds: took }) {
  const end = Math.max(deadline, took, 0.001), step = 22 / Math.max(lanes.length, 4);
  const x = (second) => (1 + (second / end) * 100).toFixed(1);
  return html`<svg class="lanes" viewBox="0 0 104 24" aria-hidden="true">${lanes.map((lane, index) => {
    const y = (1 + step * (index + 0.5)).toFixed(1);
    return svg`<path class="is-${lane.ended}" d="M1 ${y}H${x(lane.fetched)}"/><path class="work" d="M${x(lane.fetched)} ${y}H${x(lane.worked)}"/>`;
  })}${svg`<path class="end" d="M${x(deadline || end)} 1v22"/>`}</svg>`;
}

export async function historyView(root) {
  const query = signal(""), kind = signal(""), runs = signal([]), next = signal(null), told = signal(""), loading = signal(true);
  let asked = 0, timer = 0;
  const load = async (before = "") => {
    const mine = ++asked;
    loading.value = true;
    try {
      const found = await get(`/v1/runs?${new URLSearchParams({ q: query.value, before, limit: "50" })}`);
      if (mine !== asked) return;
      runs.value = before ? [...runs.value, ...found.runs] : found.runs;
      next.value = found.next;
      told.value = "";
    } catch (error) { if (mine === asked) told.value = error.message; }
    if (mine === asked) loading.value = false;
  };
  const search = (text) => { query.value = text; clearTimeout(timer); timer = setTimeout(load, 160); };
  const line = (run, words) => html`<a href="/runs/${run.id}"><time>${time.format(run.asked_at * 1000)}</time>${figure(run)}
    <span class="past-q" dir="auto">${marked(run.question, words)}</span><span class="past-end is-${ended(run)}">${ENDS[ended(run)] ?? ended(run)}</span><span class="past-n">${run.figure.lanes.length ? count(run.figure.lanes.length, "source") : ""}</span><span class="past-n">${seconds(run.seconds)}${run.figure.deadline ? html` <small>of ${run.figure.deadline} s</small>` : nothing}</span></a>`;
  const stop = effect(() => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = runs.value.filter((run) => !kind.value || ended(run) === kind.value);
    const days = Map.groupBy(shown, (run) => day.format(run.asked_at * 1000));
    render(html`<section class="past"><header><h1>History</h1><p class="lead">Your kept runs, the newest first.</p>
      <div class="find"><label class="unseen" for="find">Search questions and answers</label><input id="find" type="search" placeholder="Search questions and answers" .value=${query.value} @input=${(event) => search(event.target.value)}>
        <div class="group" role="group" aria-label="How it ended">${[["", "All"], ...Object.entries(ENDS)].map(([value, name]) => html`<button class="button" aria-pressed=${kind.value === value} @click=${() => (kind.value = value)}>${name}</button>`)}</div>
        <p role="status">${loading.value ? "" : `${count(shown.length, "run")}${next.value ? " so far" : ""}`}</p></div></header>
      ${told.value ? html`<p class="note" role="alert">${told.value}</p>` : nothing}
      ${[...days].map(([name, each]) => html`<section><h2>${name}</h2><ul role="list">${each.map((run) => html`<li>${line(run, words)}</li>`)}</ul></section>`)}
      ${shown.length || loading.value ? nothing : html`<p class="empty">${query.value || kind.value ? "No run is like that." : "Nothing was asked yet, or runs are not kept."}</p>`}
      ${next.value ? html`<p class="more"><button class="button" ?disabled=${loading.value} @click=${() => load(next.value)}>Show older ones</button></p>` : nothing}</section>`, root);
  });
  load();
  return { title: "History", keys: {}, leave() { clearTimeout(timer); asked++; stop(); } };
}
