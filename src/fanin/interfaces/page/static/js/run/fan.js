// The lines: from the end of a source's row to each sentence that cites it, and the critical path through the lanes.
import { html, svg, render, nothing, $, $$ } from "../dom.js";
import { critical } from "../model.js";

/** First everything is measured, then everything is drawn: one layout, however many lines. */
export function drawLines(root, run, scale, lit) {
  const fan = $(".fan", root), panel = $(".panel", root);
  if (!fan) return;
  const way = route(panel, run, scale), box = fan.getBoundingClientRect(), curves = box.width ? fanCurves(root, panel, run, box) : [];
  render(routeBand(way), $(".route-under", root));
  render(routeTurns(way), $(".route-over", root));
  const w = box.width;
  render(w ? html`<svg viewBox="0 0 ${w} ${box.height}">${curves.map((each) => svg`<g class="${lit === each.source ? "lit" : lit ? "dim" : ""}"><path d="M0 ${each.from}C${w * 0.62} ${each.from} ${w * 0.38} ${each.to} ${w - 11} ${each.to}"/><circle cx="${w - 11}" cy="${each.to}" r="2.5"/></g>`)}</svg>` : nothing, fan);
}

function fanCurves(root, panel, run, box) {
  const rows = new Map($$(".row[data-source]", panel).map((row) => [row.dataset.source, row]));
  const sources = new Map((run.answer?.citations ?? []).map((each) => [each.number, each.source]));
  const answer = $(".answer", root), top = answer.getBoundingClientRect().top - box.top;  // offsets do not know of a slide
  return $$(".sentence", root).flatMap((sentence) => $$("[data-cite]", sentence).flatMap((button) => {
    const source = sources.get(Number(button.dataset.cite)), row = rows.get(source)?.getBoundingClientRect();
    return row ? [{ source, from: row.top + row.height / 2 - box.top, to: top + sentence.offsetTop - answer.offsetTop + 14 }] : [];
  }));
}

/** Where the critical path runs, in pixels of the panel: a stretch for each span. */
function route(panel, run, scale) {
  const box = panel.getBoundingClientRect();
  const stretches = [];
  for (const span of critical(run)) {
    const row = span.kind === "fetch" || span.kind === "wait" ? panel.querySelector(`.row[data-source="${CSS.escape(span.source)}"]`) : panel.querySelector(`.row[data-lane="${CSS.escape(span.lane)}"]`);
    const track = row?.querySelector(".track")?.getBoundingClientRect();
    if (!track) continue;
    const y = track.top - box.top - panel.clientTop + track.height / 2;
    const at = (t) => track.left - box.left - panel.clientLeft + (Math.max(0, Math.min(100, scale.x(t))) / 100) * track.width;
    stretches.push({ y, a: at(span.start), b: at(span.end) });
  }
  return { width: panel.clientWidth, height: panel.clientHeight, stretches };
}

/** Below the bars a lit band along each span; above them the turns from row to row, with a stop at each end. */
const routeBand = ({ width, height, stretches }) =>
  html`<svg class="route" viewBox="0 0 ${width} ${height}" aria-hidden="true">${stretches.map(({ y, a, b }) => svg`<path class="route-band" d="M${a} ${y}H${Math.max(b, a + 1)}"/>`)}</svg>`;
const routeTurns = ({ width, height, stretches }) =>
  html`<svg class="route" viewBox="0 0 ${width} ${height}" aria-hidden="true">${stretches.slice(1).map((to, index) => {
    const from = stretches[index], end = Math.min(from.b, to.a);
    if (Math.abs(from.y - to.y) < 1) return nothing;
    const way = `M${end} ${from.y}V${to.y}H${to.a}`;
    return svg`<path class="route-case" d=${way}/><path class="route-line" d=${way}/><circle class="stop" cx=${end} cy=${from.y} r="3.2"/><circle class="stop" cx=${to.a} cy=${to.y} r="3.2"/>`;
  })}</svg>`;
