// The run: the answer, the timetable, and the lines by which many come to one. Draws at events; a frame only moves the hand.
import { html, svg, render, nothing, glyph, vars, signal, computed, effect, untracked, batch, $, $$, calm } from "../dom.js";
import * as player from "../player.js";
import { Problem, follow, get } from "../api.js";
import { recorder, outline as outlineOf, folder, asked, heard, lost } from "../model.js";
import { makeScale } from "../scale.js";
import { announce, tips } from "../live.js";
import { count, seconds } from "../say.js";
import { lanes, strip, table } from "./lanes.js";
import { answer as answerView, roundel } from "./answer.js";
import { drawLines } from "./fan.js";
import { facts } from "./facts.js";
import { toolbar } from "./tools.js";
import { controller } from "./cite.js";
import { askAgain, followUps } from "./follow.js";

/** `source` says where a run comes from: `events`, the address of its stream, and what may be done with it. */
export function runView(root, source) {
  const record = recorder(), all = record.events, state = folder(all);
  const received = signal(0), connection = signal("open"), problem = signal(null), lit = signal(""), asTable = signal(false);
  player.reset();
  const outline = computed(() => { received.value; return outlineOf(all); });
  const upto = computed(() => { received.value; const now = player.t.value + 1e-6; let n = state.seen ?? 0; if (n && (all[n - 1]?.at ?? 0) > now) n = 0; while (n < all.length && (player.live.value || (all[n].at ?? 0) <= now)) n++; return (state.seen = n); });
  const scale = computed(() => makeScale(outline.value, player.folded.value, player.zoom.value));
  const run = () => state(upto.value);
  const cite = controller({ state: run, light: (name) => (lit.value = name) });
  const tools = toolbar({ source, run, outline: () => outline.value, asTable });
  const below = followUps(source, run);

  // Receiving: events are taken at once, and drawn in the next frame.
  let start = Infinity, waiting = 0;
  const aborted = new AbortController();
  const take = (event) => {
    record.take(event);
    if (event.at !== undefined) start = Math.min(start, performance.now() - event.at * 1000);
    waiting ||= requestAnimationFrame(taken);
  };
  const taken = () => {
    waiting = 0;
    const final = ["answered", "failed"].includes(all.at(-1)?.event);
    batch(() => {
      received.value = all.length;
      const late = source.askedAt ? performance.now() - (Date.now() / 1000 - source.askedAt) * 1000 : start;
      if (!final && !seeking) player.follow(late < start && start - late < 60_000 ? late : start);
      player.extend(outline.value.total, final);
      if (final && !seeking && !player.playing.value) player.seek(outline.value.total);
    });
    if (final) source.ended?.();
  };
  let seeking = false;
  const seek = (to) => { seeking = true; player.seek(to); };
  const goLive = () => { seeking = false; player.follow(start); };
  follow(source.events, { event: take, signal: aborted.signal, state: (name) => (connection.value = name) })
    .catch(failed);
  async function failed(error) {
    if (!(error instanceof Problem)) console.error(error);
    const planned = all.find((each) => each.event === "planned" || each.event === "snapshot");
    try {
      if (error.status === 404 && planned && await askAgain(source, { deadline: planned.deadline, sources: [...run().sources.keys()] })) return;
    } catch { /* then it is told what was first */ }
    problem.value = error;
  }

  const on = { light: (name) => { if (!document.querySelector("#cite:popover-open")) lit.value = name; }, seek };
  const step = (by, instants = outline.value.instants) => {
    const now = player.t.value;
    const to = by > 0 ? instants.find((each) => each > now + 1e-4) : instants.findLast((each) => each < now - 1e-4);
    seek(to ?? (by > 0 ? outline.value.total : 0));
  };
  const turn = (by) => step(by, all.filter((each) => each.answer).map((each) => each.at));

  const status = () => {
    const { answer, final, failed, sources, gap } = run(), out = outline.value;
    const got = heard(run()).length, missing = lost(run()).length;
    if (problem.value) return html`<b>${problem.value.status === 404 ? "There is no such run." : "This run cannot be shown."}</b> ${problem.value.message}`;
    if (connection.value === "lost" && !out.final) return html`<b class="lost">The connection is lost.</b> The run goes on; this page joins it again as soon as the server answers.`;
    if (failed) return html`<b>This run failed.</b> ${failed}`;
    if (!all.length) return html`Joining the run.`;
    const joined = gap ? " What came before this page joined is no longer held." : "";
    if (final && !answer?.success) return html`<b>No answer.</b> None of ${count(sources.size, "source")} had anything to say in ${seconds(out.total)}.`;
    if (final) return html`<b>${!answer.answered ? "Not answered" : missing ? "Partial answer" : "Complete answer"}</b> in ${seconds(out.total)}, ${seconds(Math.max(0, out.deadline - out.total))} before the deadline; ${missing ? html`${count(missing, "source")} missing` : "nothing is missing"}.${joined}`;
    if (answer) return html`<b>Partial answer</b> from ${got} of ${count(sources.size, "source")}; ${asked(run()).filter((each) => !each.outcome).length} still to come.${joined}`;
    return html`<b>Asking ${count(sources.size, "source")}.</b>`;
  };

  const clock = () => {
    const n = Math.round(outline.value.deadline), marks = n >= 2 && n <= 20 ? n : 12;
    return html`<svg class="clock" viewBox="-50 -50 100 100" role="img" aria-label="Budget of ${seconds(outline.value.deadline, 1)}">${svg`<circle class="face" r="48"/><circle class="spent" r="41" pathLength="100"/>`}
      ${Array.from({ length: marks }, (_, index) => svg`<path class="minute" d="M0-46V-37" transform="rotate(${(index / marks) * 360})"/>`)}${svg`<g class="hand-of-now"><path d="M0 13V-33"/><circle cy="-27" r="8"/></g>`}</svg>`;
  };

  const scrub = (s) => html`<input class="scrub" type="range" min="0" max="1000" step="1" aria-label="Moment of the run"
    @input=${(event) => seek(s.t(event.target.value / 10))}
    @keydown=${(event) => { if (event.key === "ArrowLeft" || event.key === "ArrowRight") { event.preventDefault(); event.stopPropagation(); step(event.key === "ArrowRight" ? 1 : -1); } }}>`;

  const title = () => source.question || outline.value.question || "Run";
  const small = (number, name) => roundel(number, cite.on, { small: true, source: name });
  const page = () => {
    const now = run(), s = scale.value, out = outline.value;
    return html`<article class="run ${now.final ? "is-final" : ""} ${now.final && !now.answer?.success ? "is-none" : ""}">
      ${below.before()}
      <header class="run-head">${clock()}
        <div class="asked"><h1 dir="auto">${title()}</h1><p class="status">${status()}</p></div>
        <p class="elapsed" aria-hidden="true"><b class="elapsed-now">0.00</b><span>of ${seconds(out.deadline, out.deadline % 1 ? 1 : 0)}</span></p></header>
      ${strip(now, s, out.deadline)}
      <div class="board">
        <section class="answer">${answerView({ run: now, on: cite.on, lit: lit.value })}${below.view()}</section>
        <div class="fan" aria-hidden="true"></div>
        <section class="timetable" aria-label="Timetable of the run">
          <div class="panel ${lit.value ? "has-lit" : ""} ${now.sources.size > 24 ? "is-many" : ""}">
            <div class="route-box route-under"></div><div class="over"><span></span><div class="field"><i class="deadline" ${vars({ a: s.x(out.deadline) })}><span>deadline</span></i><i class="now"></i>${scrub(s)}</div><span></span></div>
            ${lanes({ run: now, outline: out, scale: s, lit: lit.value, on, cite: small })}
            <div class="route-box route-over"></div>
          </div>
          ${tools.view({ live: !out.final, following: player.live.value, goLive })}
          ${asTable.value ? table(now) : nothing}
          ${facts(now)}
          <ul class="key" role="list" aria-label="Key"><li><i class="bar fetch"></i>fetching</li><li><i class="bar gap"></i>pause</li><li><i class="doc"></i>document</li><li><i class="bar hand"></i>waits for a core</li><li><i class="bar work"></i>work on a core</li><li><i class="key-lit"></i>what the answer waited for</li></ul>
        </section>
      </div></article>`;
  };

  // Sentences slide to their new place.
  const before = new Map();
  const EASE = { duration: 320, easing: "cubic-bezier(.2,.7,.2,1)" };
  const slide = () => {
    for (const each of $$(".sentence", root)) {
      const was = before.get(each.dataset.key);
      if (was === undefined) each.animate([{ opacity: 0, translate: "-12px 0" }, { opacity: 1, translate: "0 0" }], EASE);
      else if (was !== each.offsetTop) each.animate([{ translate: `0 ${was - each.offsetTop}px` }, { translate: "0 0" }], EASE);
    }
    before.clear();
  };
  const lines = () => drawLines(root, run(), scale.value, lit.value);
  let drawn = -1, hideTip = () => {};
  const draw = () => {
    hideTip();
    const moves = (player.playing.value || player.live.value) && drawn !== upto.value && !calm();
    if (moves) for (const each of $$(".sentence", root)) before.set(each.dataset.key, each.offsetTop);
    render(page(), root);
    drawn = upto.value;
    if (moves) slide();
    cite.check();
    lines();
    movers = $$(".grow, .now, .strip-now", root);
    document.title = `${title()} · fanin`;
    move();
  };

  // A frame: the hand, and the bars that grow up to it. Nothing else is touched.
  let movers = [];
  const move = () => {
    const now = player.t.value, out = outline.value, x = scale.value.x(now).toFixed(3);
    for (const each of movers) each.style.setProperty("--now", x);
    $(".clock", root)?.style.setProperty("--spent", Math.min(1, now / out.deadline).toFixed(4));
    $(".elapsed-now", root).firstChild.data = now.toFixed(2);
    const range = $(".scrub", root);
    range.value = x * 10;
    if (document.activeElement === range) range.setAttribute("aria-valuetext", `${seconds(now)} of ${seconds(out.deadline)}`);
  };

  let said = "";
  const voice = () => {
    const now = run(), stage = now.final ? "done" : now.answer ? "partial" : now.upto ? "asking" : "";
    const moving = player.playing.value || player.live.value || (stage === "done" && said && said !== "done");
    if (!moving) { if (!now.final) said = ""; return; }
    if (stage === said) return;
    said = stage;
    if (stage === "asking") announce(`Asking ${count(now.sources.size, "source")}, at most ${seconds(outline.value.deadline, 0)}.`);
    if (stage === "partial") announce(`Partial answer from ${heard(now).length} of ${count(now.sources.size, "source")}.`);
    if (stage === "done") announce(now.answer?.success ? `Done. ${heard(now).length} of ${count(now.sources.size, "source")} in ${seconds(outline.value.total, 1)}.` : now.failed ? "This run failed." : "Done. No source had an answer.");
  };
  const changed = [upto, received, lit, asTable, connection, problem, player.playing, player.live, player.speed, player.folded, player.zoom, ...tools.signals, ...below.signals];
  const stops = [
    effect(() => { for (const each of changed) each.value; untracked(draw); }),
    effect(() => { player.t.value; untracked(move); }),
    effect(() => { upto.value; untracked(voice); }),
    effect(() => { if (connection.value === "lost" && !untracked(() => outline.value.final)) announce("The connection is lost."); }),
  ];
  hideTip = tips($(".panel", root));
  const observer = new ResizeObserver(lines);
  observer.observe($(".panel", root));
  observer.observe($(".answer", root));
  const openCitation = (name) => { const anchor = $(`.answer [data-cite="${name}"]`, root); if (anchor) { anchor.focus({ preventScroll: true }); cite.open(anchor, true); } };
  const given = /^#citation-(\d{1,6})$/.exec(location.hash)?.[1];
  if (given) effect(function once() { if (run().final) queueMicrotask(() => { this.dispose(); openCitation(given); }); });

  return {
    keys: {
      " ": player.toggle, ArrowLeft: () => step(-1), ArrowRight: () => step(1), "[": () => turn(-1), "]": () => turn(1),
      Home: () => seek(0), End: () => (outline.value.final ? seek(outline.value.total) : goLive()), f: () => (player.folded.value = !player.folded.value),
      "+": () => player.zoomBy(2), "-": () => player.zoomBy(0.5), 0: () => player.zoomBy(0), t: () => (asTable.value = !asTable.value),
      ...tools.keys, Escape: () => cite.close(true),
      ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [String(n), () => openCitation(n)])),
    },
    leave() { aborted.abort(); cancelAnimationFrame(waiting); player.reset(); cite.close(); hideTip(); observer.disconnect(); stops.forEach((stop) => stop()); },
  };
}
