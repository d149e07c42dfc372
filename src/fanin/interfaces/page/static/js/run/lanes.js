// The timetable of a run: a row for each source, the workers below, the hand of "now" that is also the scrubber.
// Rows are elements placed in percent of the track. Only bars that grow know --now, so a frame touches them and no others.
import { html, vars, glyph, nothing, repeat } from "../dom.js";
import { briefly, short, ordinal, count, seconds } from "../say.js";
import { asked, work } from "../model.js";

const bar = (kind, x, start, end, title, extra = {}) =>
  html`<i class="bar ${kind} ${end === null || extra.grow ? "grow" : ""}" .tip=${() => `${title}, ${end === null ? `since ${seconds(start)}` : seconds(end - start)}`} ${vars({ a: x(start), b: end === null ? null : x(end) })}></i>`;

function ioBars(source, x) {
  const bars = [];
  source.tries.forEach((attempt, index) => {
    const last = index === source.tries.length - 1;
    const name = attempt.again ? "second round" : source.tries.length > 1 ? `${ordinal(index + 1)} attempt` : "fetching";
    bars.push(bar(`fetch${attempt.failed ? " broke" : ""}${last && source.outcome && source.kind !== "got" && source.kind !== "nothing" ? " broke" : ""}`, x, attempt.start, attempt.end, name));
  });
  for (const gap of source.gaps) bars.push(bar("gap", x, gap.start, gap.end, gap.why, { grow: !source.outcome && gap === source.gaps.at(-1) }));
  const documents = source.documents;
  if (documents.length) {
    const open = documents.some((document) => document.done === null);
    const start = Math.max(source.outcome ? (source.tries.at(-1)?.end ?? 0) : 0, documents.reduce((first, each) => Math.min(first, each.arrived), Infinity));
    const end = open && source.outcome ? source.ended : open ? null : documents.reduce((last, each) => Math.max(last, each.done), 0);
    if (open || end - start > 0.004) bars.push(bar("hand", x, start, end, "its documents wait for a core, or are worked on"));
  }
  for (const document of documents) bars.push(html`<i class="doc" .tip=${() => `${document.title || "document"} arrived at ${seconds(document.arrived)}`} ${vars({ a: x(document.arrived) })}></i>`);
  for (const call of source.calls) bars.push(html`<i class="call" .tip=${() => `${call.what}, at ${seconds(call.at)}`} ${vars({ a: x(call.at) })}></i>`);
  return bars;
}

/** The lanes without words, for a phone: they stay in sight above the answer while it grows. */
export const strip = (run, { x }, deadline) => html`<div class="strip" aria-hidden="true">${asked(run).map((source) => html`<span class="strip-row is-${source.kind}">${ioBars(source, x)}</span>`)}<i class="strip-now"></i><i class="strip-end" ${vars({ a: x(deadline) })}></i></div>`;

function ending(source, numbers, cite) {
  if (!source.outcome) {
    const waits = source.gaps.some((gap) => gap.end === null) && source.phase !== "retrying";
    const word = waits ? "waits" : source.again ? "asked again" : { waiting: "", fetching: "asking", retrying: `${ordinal(source.tries.length)} try`, processing: "in hand" }[source.phase];
    return html`<span class="when"></span><span class="what">${word}</span><span class="nums"></span>`;
  }
  const { outcome } = source;
  const extra = source.cached ? ", cached" : outcome.hedges ? ", 2 calls" : outcome.attempts > 1 && source.kind === "got" ? `, ${outcome.attempts} tries` : "";
  return html`<span class="when">${short(source.ended)}</span>
    <span class="what">${briefly(outcome)}${extra}</span>
    <span class="nums">${numbers.map((number) => cite(number, source.name))}</span>`;
}

/** `at` is the seconds now; `on` the handlers: light(name), seek(t), cite(number). */
export function lanes({ run, outline, scale, lit, on, cite }) {
  const { x } = scale;
  const byLane = new Map(outline.workers.map((lane) => [lane, []]));
  for (const each of work(run)) byLane.get(each.lane)?.push(each);
  const cited = new Map();
  for (const citation of run.answer?.citations ?? [])
    cited.set(citation.source, [...new Set([...(cited.get(citation.source) ?? []), citation.number])].sort((a, b) => a - b));
  const light = (name) => ({ in: () => on.light(name), out: () => on.light("") });
  return html`
    <div class="axis" aria-hidden="true">
      <span class="axis-name">source</span>
      <div class="track">${scale.ticks.map((tick) => html`<b class="tick ${Math.abs(tick - outline.deadline) < 0.01 ? "end-tick" : ""}" ${vars({ a: x(tick) })}><span>${tick}${tick === 0 ? " s" : ""}</span></b>`)}
        ${scale.cuts.map(([from, to]) => html`<i class="cut" .tip=${() => `${seconds(to - from)} in which nothing happened`} ${vars({ a: x(from), b: x(to) })}></i>`)}</div>
      <span class="axis-end">at&ensp;outcome</span>
    </div>
    <ul class="rows" role="list">
      ${repeat(asked(run), (source) => source.name, (source) => {
        const over = light(source.name);
        return html`<li class="row is-${source.kind} ${lit === source.name ? "lit" : lit ? "dim" : ""}" data-source=${source.name}
          @pointerenter=${over.in} @pointerleave=${over.out}>
          <span class="name">${glyph(source.kind)}<span class="name-text" dir="auto">${source.name}</span></span>
          <span class="track" aria-hidden="true">${ioBars(source, x)}</span>
          <span class="end">${ending(source, cited.get(source.name) ?? [], cite)}</span>
        </li>`;
      })}
    </ul>
    ${run.skipped.size ? html`<p class="row unasked is-skipped"><span class="name">${glyph("skipped")}<span class="name-text">${[...run.skipped.keys()].join(", ")}</span></span><span class="track"></span><span class="end"><span class="when"></span><span class="what">not asked</span></span></p>` : nothing}
    <div class="cores">
      <p class="cores-name"><span>this machine</span></p>
      <ul class="rows" role="list">${[...byLane].map(([lane, bars]) => {
        const spent = bars.filter((each) => !each.open).reduce((sum, each) => sum + each.end - each.start, 0);
        return html`<li class="row core" data-lane=${lane}>
          <span class="name"><span class="name-text">${lane}</span></span>
          <span class="track" aria-hidden="true">${bars.map((each) => html`<i class="bar work ${each.open ? "open grow" : ""} ${lit === each.source ? "lit" : lit ? "dim" : ""}" data-source=${each.source}
            .tip=${() => `${each.source}, document ${each.document}${each.open ? "" : `, ${seconds(each.end - each.start, 3)}`}`} @pointerenter=${() => on.light(each.source)} @pointerleave=${() => on.light("")} ${vars({ a: x(each.start), b: each.open ? null : x(each.end) })}></i>`)}</span>
          <span class="end"><span class="when">${spent ? short(spent) : ""}</span><span class="what">${bars.some((each) => each.open) ? (spent ? "s, working" : "working") : spent ? "s of work" : "idle"}</span><span class="nums"></span></span>
        </li>`;
      })}
      <li class="row answer-row" data-lane="answer">
        <span class="name"><span class="name-text">answer</span></span>
        <span class="track">${run.revisions.map((revision) => html`<button class="revision ${revision.final ? "final" : ""}" tabindex="-1" aria-label="Go to ${revision.final ? "the final answer" : `revision ${revision.number}`} at ${seconds(revision.at)}"
          .tip=${() => `${revision.final ? "final answer" : `revision ${revision.number}`}, ${seconds(revision.at)}`} @click=${() => on.seek(revision.at)} ${vars({ a: x(revision.at) })}></button>`)}${run.final && x(outline.deadline) - x(outline.total) > 24 ? html`<span class="to-spare">${seconds(outline.deadline - outline.total)} to spare</span>` : nothing}</span>
        <span class="end"><span class="when">${run.final ? short(run.at) : ""}</span><span class="what">${run.revisions.some((each) => !each.final) ? count(run.revisions.filter((each) => !each.final).length, "revision") : ""}</span><span class="nums"></span></span>
      </li></ul>
    </div>`;
}

/** The same run as a table, for screen readers, copying, and whoever likes numbers. */
export function table(run) {
  const numbers = (name) => [...new Set((run.answer?.citations ?? []).filter((each) => each.source === name).map((each) => each.number))].sort((a, b) => a - b).join(", ");
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="The run as a table"><table class="numbers">
    <thead><tr><th scope="col">Source</th><th scope="col">Outcome</th><th scope="col" class="n">Tries</th><th scope="col" class="n">Ended at</th><th scope="col" class="n">Fetching</th><th scope="col" class="n">Working</th><th scope="col" class="n">Documents</th><th scope="col">Cited as</th></tr></thead>
    <tbody>${asked(run).map((source) => {
      const o = source.outcome;
      return html`<tr class="is-${source.kind}"><th scope="row">${glyph(source.kind)} ${source.name}</th><td>${o ? briefly(o) : source.phase}</td><td class="n">${source.tries.length}${o?.hedges ? " + hedge" : ""}</td>
        <td class="n">${o ? short(source.ended) : "–"}</td><td class="n">${o ? short(o.fetching) : "–"}</td><td class="n">${o ? short(o.processing) : "–"}</td><td class="n">${source.documents.length}</td><td>${numbers(source.name) || "–"}</td></tr>`;
    })}</tbody></table></div>`;
}
