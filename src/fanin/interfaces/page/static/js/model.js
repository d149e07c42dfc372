// A run as its events tell it so far. Pure: the same events give the same state, whether live, resumed or replayed.
import { kindOf } from "./say.js";
import { patched } from "./patch.js";
import { finalNumbers } from "./numbers.js";

/** Takes the events of a run as they come, and keeps each with the whole answer that it stands for. */
export function recorder() {
  const events = [];
  let answer = null;
  return {
    events,
    take({ patch, ...event }) {
      answer = patch ? patched(answer, patch) : event.answer ?? answer;
      events.push(patch ? { ...event, answer } : event);
      if (event.event !== "answered") return;
      const numbered = finalNumbers(answer);
      for (const each of events) if (each !== event && each.answer) each.answer = numbered(each.answer);
    },
  };
}

/** What is known of a run besides its state at one instant. */
export function outline(events, now = 0) {
  const planned = events.find((each) => each.event === "planned" || each.event === "snapshot");
  const last = events.at(-1);
  const final = last?.event === "answered" || last?.event === "failed";
  const lanes = new Set();
  for (const event of events) {
    if (event.event === "processing" || event.event === "processed") for (const name of event.worker.split(", ")) if (name) lanes.add(name);
  }
  for (const span of last?.answer?.timeline.spans ?? []) if (span.kind === "process") lanes.add(span.lane);
  for (let number = 1; number <= Math.min(planned?.workers ?? 0, 64); number++) lanes.add(`worker ${number}`);
  const place = (lane) => (lane.startsWith("worker ") ? Number(lane.slice(7)) : 0);
  return {
    question: planned?.question?.text ?? "",
    deadline: Math.max(0.1, Math.round((planned?.deadline ?? 1) * 20) / 20),
    workers: [...lanes].sort((one, other) => place(one) - place(other)),
    total: final ? Math.max(last.at ?? 0, events.at(-2)?.at ?? 0) : Math.max(last?.at ?? 0, now),
    final,
    instants: [...new Set(events.map((event) => event.at ?? 0))],
    busy: busy(events),
  };
}

const empty = () => ({ sources: new Map(), skipped: new Map(), revisions: [], answer: null, final: false, failed: "", written: null, at: 0, spans: [], upto: 0, gap: false });
const fresh = (name) => ({ name, phase: "waiting", tries: [], gaps: [], calls: [], documents: [], outcome: null, ended: null, kind: "running", cached: null, again: null });

/** A function that gives the state after the first so many events; going on from the last one that it gave. */
export function folder(events) {
  let run = empty();
  return (upto) => {
    if (upto < run.upto) run = empty();
    for (; run.upto < upto; run.upto++) advance(run, events[run.upto]);
    return run;
  };
}

const open = (source, at) => { const last = source.tries.at(-1); if (last) last.end ??= at; };

const STEPS = {
  planned(run, event) {
    for (const name of event.sources) run.sources.set(name, fresh(name));
    for (const name of event.skipped) run.skipped.set(name, "");
  },
  snapshot(run, event) {
    run.gap = event.at > 0.2;
    for (const [name, told] of Object.entries(event.sources ?? {})) {
      const source = fresh(name);
      if (told.last === "skipped") { run.skipped.set(name, ""); continue; }
      source.phase = told.documents ? "processing" : told.last === "planned" ? "waiting" : "fetching";
      source.tries.push({ start: 0, end: null });
      run.sources.set(name, source);
      if (told.outcome) STEPS.finished(run, { at: event.at, outcome: told.outcome }, source);
    }
    if (event.answer) STEPS.revised(run, event);
  },
  skipped(run, event) { run.skipped.set(event.source, event.reason); },
  started(run, event, source) { source.phase = "fetching"; source.tries.push({ start: event.at, end: null }); },
  askedagain(run, event, source) {
    Object.assign(source, { phase: "fetching", outcome: null, ended: null, kind: "running", again: { at: event.at, question: event.question, reason: event.reason } });
    source.tries.push({ start: event.at, end: null, again: true });
  },
  waiting(run, event, source) {
    open(source, event.at);
    source.gaps.push({ start: event.at, end: event.after ? event.at + event.after : null, why: event.reason === "rate" ? "it waits for its rate limit" : "it waits for its turn" });
  },
  retrying(run, event, source) {
    const last = source.tries.at(-1);
    source.phase = "retrying";
    if (last) { last.end = event.at; last.failed = event.message; }
    source.gaps.push({ start: event.at, end: event.at + event.after, why: `it pauses before another attempt: ${event.message}` });
    source.tries.push({ start: event.at + event.after, end: null });
  },
  hedged(run, event, source) { source.calls.push({ at: event.at, what: "asked a second time: the first call is late" }); },
  cached(run, event, source) { source.cached = { age: event.age, stale: event.reason }; },
  circuitopened(run, event, source) { source.rests = event.after; },
  fetched(run, event, source) {
    const { document } = event;
    for (const gap of source.gaps) gap.end ??= event.at;
    source.phase = "processing";
    source.documents.push({ number: document.number, title: document.title, arrived: event.at, began: null, done: null, worker: "", characters: document.characters });
  },
  processing(run, event, source) {
    const document = source.documents.find((each) => each.number === event.document);
    if (document) Object.assign(document, { began: event.at, worker: event.worker });
  },
  processed(run, event, source) {
    const document = source.documents.find((each) => each.number === event.document);
    if (document) Object.assign(document, { done: event.at, worker: event.worker, failure: event.failure });
  },
  finished(run, event, source) {
    open(source, event.at);
    for (const gap of source.gaps) gap.end = Math.min(gap.end ?? event.at, event.at);
    Object.assign(source, { outcome: event.outcome, ended: event.at, phase: "ended", kind: kindOf(event.outcome) });
  },
  revised(run, event) {
    run.answer = event.answer;
    run.spans = event.answer.timeline.spans;
    run.revisions.push({ at: event.at, number: event.answer.revision, final: run.final });
    // Fetching ends with the last document, not with the last work on it: the timeline of a revision knows when.
    for (const span of run.spans) {
      const source = span.kind === "fetch" && run.sources.get(span.source);
      const attempt = source && source.outcome && source.tries.findLast((each) => each.start <= span.end);
      if (attempt) attempt.end = Math.max(attempt.start, span.end);
    }
  },
  wrote(run, event) { run.written = { model: event.model, text: event.text.replace(/\s*\[\d+\]/g, "") }; },
  answered(run, event) {
    run.final = true;
    run.written = null;
    for (const [name, outcome] of Object.entries(event.answer.sources)) {
      if (outcome.status === "skipped") run.skipped.set(name, outcome.message);
      // A source of which nothing was told, because it gave what was kept, or could not be asked at all.
      const source = run.sources.get(name);
      if (source && !source.outcome) STEPS.finished(run, { at: event.at, outcome }, source);
    }
    STEPS.revised(run, event);
  },
  failed(run, event) { run.final = true; run.failed = event.message; },
};

function advance(run, event) {
  run.at = event.at ?? run.at;
  const source = event.source === undefined ? undefined : run.sources.get(event.source);
  if (event.source !== undefined && event.event !== "skipped" && !source) return;
  STEPS[event.event]?.(run, event, source);
}

/** Bars of the CPU lanes: spans of the latest timeline, and documents that no timeline has told of yet. */
export function work(run) {
  const bars = run.spans.filter((span) => span.kind === "process").map((span) => ({ ...span, open: false }));
  const known = new Set(bars.map((bar) => `${bar.source}/${bar.document}`));
  for (const source of run.sources.values())
    for (const document of source.documents) {
      if (document.began === null || known.has(`${source.name}/${document.number}`) || (run.final && document.done === null)) continue;
      for (const lane of document.worker.split(", "))
        bars.push({ lane, source: source.name, document: document.number, start: document.began, end: document.done, open: document.done === null });
    }
  return bars;
}

/** What the answer waited for, first to last: the spans of the timeline's critical path. */
export const critical = (run) => (run.final && run.answer ? run.answer.timeline.critical_path.map((index) => run.spans[index]) : []);

export const asked = (run) => [...run.sources.values()];
export const heard = (run) => asked(run).filter((source) => source.kind === "got");
export const lost = (run) => asked(run).filter((source) => !["got", "nothing", "running"].includes(source.kind));

/** Sentences of the answer with the numbers they cite; the last lines that tell of conflicts are shown apart. */
export function sentences(answer) {
  if (!answer) return [];
  const text = answer.conflicts.length ? answer.text.replace(/\n+Sources differ:[\s\S]*$/, "") : answer.text;
  const known = new Set(answer.citations.map((citation) => citation.number));
  const parts = [], keys = new Map();
  const add = (told, numbers) => {
    for (const [index, each] of told.split("\n").entries()) {
      if (!each.trim() && !(numbers.length && index === told.split("\n").length - 1)) continue;
      const times = (keys.get(each) ?? 0) + 1;
      keys.set(each, times);
      parts.push({ key: `${each.trim()} ${times}`, text: each.trim(), numbers: index === told.split("\n").length - 1 ? numbers : [] });
    }
  };
  let from = 0;
  for (const found of text.matchAll(/\s*((?:\[\d{1,6}\]\s?)+)/g)) {
    const numbers = [...new Set([...found[1].matchAll(/\d+/g)].map((each) => Number(each[0])).filter((number) => known.has(number)))];
    if (!numbers.length) continue;
    const end = found.index + found[0].length;
    const stop = /^[.!?]+(?=\s|$)/.exec(text.slice(end))?.[0] ?? "";
    add(text.slice(from, found.index) + stop, numbers);
    from = end + stop.length;
  }
  add(text.slice(from), []);
  return parts;
}

/** Stretches in which something happened or a core worked; the others can be folded away. */
function busy(events) {
  const spans = events.map((event) => [(event.at ?? 0) - 0.06, (event.at ?? 0) + 0.06]);
  for (const event of events) if (event.event === "retrying") spans.push([event.at, event.at + event.after + 0.05]);
  for (const span of events.at(-1)?.answer?.timeline.spans ?? []) if (span.kind === "process") spans.push([span.start, span.end]);
  spans.sort((one, other) => one[0] - other[0]);
  const merged = [];
  for (const [start, end] of spans) {
    if (merged.length && start <= merged.at(-1)[1] + 0.12) merged.at(-1)[1] = Math.max(merged.at(-1)[1], end);
    else merged.push([Math.max(0, start), end]);
  }
  return merged;
}
