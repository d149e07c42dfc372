// History: the kept runs, the newest first, found by words of the question or the answer.
import { html, render, signal, effect, nothing, vars } from "../dom.js";
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

export async function historyView(root) {
  const query = signal(""), kind = signal(""), runs = signal([]), next = signal(null), told = signal(""), loading = signal(true);
  let asked = 0, timer = 0;
  const load = async (before = "") => {
    const mine = ++asked;
    loading.value = true;
    try {
      const found = await get(`/v1/runs?${new URLSearchParams({ q: query.value, before, limit: "100" })}`);
      if (mine !== asked) return;
      runs.value = before ? [...runs.value, ...found.runs] : found.runs;
      next.value = found.next;
      told.value = "";
    } catch (error) { if (mine === asked) told.value = error.message; }
    if (mine === asked) loading.value = false;
  };
  const search = (text) => { query.value = text; clearTimeout(timer); timer = setTimeout(load, 160); };
  const line = (run, words, most) => html`<a href="/runs/${run.id}"><time>${time.format(run.asked_at * 1000)}</time><span class="past-bar" aria-hidden="true"><i class="is-${ended(run)}" ${vars({ b: (run.seconds / most) * 100 })}></i></span>
    <span class="past-q" dir="auto">${marked(run.question, words)}</span><span class="past-end is-${ended(run)}">${ENDS[ended(run)] ?? ended(run)}</span><span class="past-n">${seconds(run.seconds)}</span></a>`;
  const stop = effect(() => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = runs.value.filter((run) => !kind.value || ended(run) === kind.value);
    const most = Math.max(0.001, ...shown.map((run) => run.seconds));
    const days = Map.groupBy(shown, (run) => day.format(run.asked_at * 1000));
    render(html`<section class="past"><header><h1>History</h1><p class="lead">Your kept runs, the newest first.</p>
      <div class="find"><label class="unseen" for="find">Search questions and answers</label><input id="find" type="search" placeholder="Search questions and answers" .value=${query.value} @input=${(event) => search(event.target.value)}>
        <div class="group" role="group" aria-label="How it ended">${[["", "All"], ...Object.entries(ENDS)].map(([value, name]) => html`<button class="button" aria-pressed=${kind.value === value} @click=${() => (kind.value = value)}>${name}</button>`)}</div>
        <p role="status">${loading.value ? "" : `${count(shown.length, "run")}${next.value ? " so far" : ""}`}</p></div></header>
      ${told.value ? html`<p class="note" role="alert">${told.value}</p>` : nothing}
      ${[...days].map(([name, each]) => html`<section><h2>${name}</h2><ul role="list">${each.map((run) => html`<li>${line(run, words, most)}</li>`)}</ul></section>`)}
      ${shown.length || loading.value ? nothing : html`<p class="empty">${query.value || kind.value ? "No run is like that." : "Nothing was asked yet, or runs are not kept."}</p>`}
      ${next.value ? html`<p class="more"><button class="button" ?disabled=${loading.value} @click=${() => load(next.value)}>Show older ones</button></p>` : nothing}</section>`, root);
  });
  load();
  return { title: "History", keys: {}, leave() { clearTimeout(timer); asked++; stop(); } };
}
