// The figures of a run that is over, and the way by which its answer came.
import { html, nothing } from "../dom.js";
import { critical } from "../model.js";
import { count, modelName, seconds, short } from "../say.js";

const name = (span) => (span.kind === "answer" ? "answering" : span.kind === "model" ? `writing by ${modelName(span.lane)}` : `${span.kind === "fetch" ? "fetching" : span.kind === "wait" ? "waiting for" : "work on"} ${span.source}`);

export function facts(run) {
  if (!run.final || !run.answer) return nothing;
  const line = run.answer.timeline, steps = [];
  let reached = 0;
  for (const span of critical(run)) {
    const start = Math.max(span.start, reached);
    reached = Math.max(reached, span.end);
    if (steps.at(-1)?.name === name(span)) steps.at(-1).end = span.end;
    else steps.push({ name: name(span), start, end: span.end });
  }
  return html`<dl class="facts">
    <div><dt>took</dt><dd>${seconds(line.total)}</dd></div>
    <div><dt>one after another</dt><dd>${seconds(line.sequential, 1)} <small>${(line.sequential / Math.max(line.total, 1e-6)).toFixed(1)} times as long</small></dd></div>
    <div><dt>could not be under</dt><dd>${seconds(line.lower_bound)} <small>on ${count(line.cores, "core")}</small></dd></div>
    <div class="wide"><dt><span class="key-lit"></span>waited for</dt><dd class="chain">${steps.map((each) => html`<span>${each.name} <small>${short(Math.max(0, each.end - each.start))}</small></span>`)}</dd></div>
  </dl>`;
}
