// Ask: one question, who is asked, and by when.
import { html, render, nothing, vars, signal, effect, $ } from "../dom.js";
import { ask, get } from "../api.js";
import { go } from "../router.js";
import { count, seconds } from "../say.js";
import { keep, usual } from "../theme.js";

const DEADLINES = [1, 2, 4, 6, 15, 30];

/** Ask at once, as a browser's search does; gives the id of the run. */
export const askNow = (question) => ask({ question, deadline: usual() });

export async function askView(root) {
  const text = signal(""), deadline = signal(usual()), off = signal(new Set()), problem = signal(""), busy = signal(false), lit = signal("");
  const sources = signal([]), recent = signal([]);
  const time = (source) => source.health?.p95 ?? source.health?.p50 ?? null;
  const shut = (source) => source.health?.breaker === "open";
  const load = async () => {
    const [told, runs] = await Promise.all([get("/v1/sources"), get("/v1/runs?limit=6")]);
    sources.value = told.sources;
    recent.value = runs.runs;
  };
  const submit = async (event) => {
    event?.preventDefault();
    const question = text.value.trim();
    if (!question) return $("#question").focus();
    busy.value = true;
    const chosen = sources.value.filter((each) => !off.value.has(each.name)).map((each) => each.name);
    try {
      go(`/runs/${await ask({ question, deadline: deadline.value, ...(off.value.size ? { sources: chosen } : {}) })}`);
    } catch (error) { problem.value = error.message; }
    busy.value = false;
  };
  const choose = (name, on) => { const next = new Set(off.value); on ? next.delete(name) : next.add(name); off.value = next; };
  const chip = (source) => {
    const took = time(source), late = took !== null && took > deadline.value;
    return html`<label class="chip ${late ? "late" : ""} ${shut(source) ? "shut" : ""}" @pointerenter=${() => (lit.value = source.name)} @pointerleave=${() => (lit.value = "")}>
      <input type="checkbox" .checked=${!off.value.has(source.name)} @change=${(event) => choose(source.name, event.target.checked)}>
      <span class="chip-name">${source.name}</span><span class="chip-time">${shut(source) ? "resting" : took === null ? "" : late ? "often later" : seconds(took, 1)}</span><i ${vars({ b: took === null ? 0 : Math.min(100, (took / deadline.value) * 100) })}></i></label>`;
  };
  const odds = (chosen) => {
    const known = chosen.filter((each) => time(each) !== null);
    if (!chosen.length) return html`<b>No source is chosen.</b>`;
    if (!known.length) return html`${count(chosen.length, "source")} to ask.`;
    return html`In ${seconds(deadline.value, 0)}, <b>${known.filter((each) => time(each) <= deadline.value && !shut(each)).length} of ${known.length}</b> usually make it.`;
  };
  const line = (chosen) => html`<div class="line" aria-hidden="true"><i class="line-now"></i>${chosen.filter((each) => !shut(each) && time(each) !== null && time(each) <= deadline.value)
    .map((each) => html`<i class="line-tick ${lit.value === each.name ? "lit" : ""}" ${vars({ a: (time(each) / deadline.value) * 100 })}><span>${each.name}</span></i>`)}<b class="line-end">${deadline.value} s</b></div>`;
  const stop = effect(() => {
    const chosen = sources.value.filter((each) => !off.value.has(each.name));
    render(html`<section class="ask">
      <form @submit=${submit}>
        <h1 class="unseen"><label for="question">Ask a question</label></h1>
        <textarea id="question" rows="1" dir="auto" placeholder="What do you want to know?" autocomplete="off" maxlength="8000" .value=${text.value}
          @input=${(event) => { text.value = event.target.value; problem.value = ""; }}
          @keydown=${(event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); if (!busy.value) submit(); } }}></textarea>
        ${line(chosen)}
        <fieldset class="from"><legend>from</legend><div class="chips">${sources.value.map(chip)}
          ${sources.value.some((each) => time(each) !== null) ? html`<p class="hint">The time is that of slow calls: 19 of 20 are over in it. The ticks on the line say who arrives when.</p>` : nothing}</div></fieldset>
        <fieldset class="by"><legend>within</legend><div class="stops">${DEADLINES.map((each) => html`<label><input type="radio" name="deadline" .checked=${deadline.value === each} @change=${() => { deadline.value = each; keep("deadline", String(each)); }}><span>${each} s</span></label>`)}</div>
          <p class="odds">${odds(chosen)}</p>
          <button class="go" ?disabled=${busy.value || (sources.value.length > 0 && !chosen.length)}>Ask <kbd>Enter</kbd></button></fieldset>
        ${problem.value ? html`<p class="note" role="alert">${problem.value}</p>` : nothing}
      </form>
      ${recent.value.length ? html`<section class="recorded"><h2>Asked before</h2><ul role="list">${recent.value.map((run) => html`<li><a href="/runs/${run.id}"><span class="recorded-q" dir="auto">${run.question}</span><span class="recorded-n">${run.status === "failed" ? "failed" : !run.success ? "no answer" : run.answered ? "answered" : "not answered"}</span><span class="recorded-n">${seconds(run.seconds)}</span></a></li>`)}</ul></section>` : nothing}
    </section>`, root);
  });
  load().catch((error) => { problem.value = error.message; });
  if (matchMedia("(pointer: fine)").matches) $("#question", root).focus({ preventScroll: true });
  return { title: "Ask", keys: {}, leave: stop };
}
