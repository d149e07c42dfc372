// The answer as it stands now: sentences with stable numbers, the sides of a contradiction, and what is missing and why.
import { html, nothing, repeat, glyph } from "../dom.js";
import { asked, heard, sentences } from "../model.js";
import { kindOf, modelName, plainly, count } from "../say.js";

/** A citation's number. It opens by hover, focus and tap. */
export const roundel = (number, on, { small = false, source = "" } = {}) =>
  html`<button class="roundel ${small ? "small" : ""}" data-cite=${number} aria-haspopup="dialog" aria-label="Citation ${number}${source ? `, ${source}` : ""}"
    @pointerenter=${on.enter} @pointerleave=${on.leave} @focus=${on.focus} @blur=${on.leave} @click=${on.click}>${number}</button>`;

/** A sentence with the figures on which sources differ marked in it. */
function words(text, figures) {
  for (const figure of figures) {
    const at = text.indexOf(figure);
    if (at >= 0) return html`${text.slice(0, at)}<span class="figure">${figure}</span>${text.slice(at + figure.length)}`;
  }
  return text;
}

export function answer({ run, on, lit }) {
  const all = asked(run);
  const got = heard(run);
  const source = (number) => run.answer.citations.find((citation) => citation.number === number)?.source ?? "";
  const figures = (run.answer?.conflicts ?? []).flatMap((conflict) => conflict.sides.map((side) => side.figure));
  const parts = sentences(run.answer);
  const ended = all.filter((each) => each.outcome).length;
  return html`
    <header class="answer-head"><h2>Answer</h2>
      <p>${run.final ? (run.answer?.success ? "final" : "none") : run.revisions.length ? `revision ${run.revisions.length}` : "not yet"}<span class="sep">·</span>${got.length} of ${count(all.length, "source")}</p></header>
    ${parts.length
      ? html`<div class="text">${repeat(parts, (part) => part.key, (part) => html`<p class="sentence ${part.numbers.some((number) => source(number) === lit) ? "lit" : ""}" data-key=${part.key} dir="auto">${words(part.text, figures)}<span class="cites">${part.numbers.map((number) => roundel(number, on, { source: source(number) }))}</span></p>`)}</div>`
      : run.failed
        ? html`<div class="text none"><p>There is no answer.</p></div>`
      : run.final
        ? html`<div class="text none"><p>None of the ${count(all.length, "source")} had anything to say before the deadline.</p></div>${help(run)}`
        : html`<div class="text quiet"><p>${ended ? `${count(ended, "source")} ended without a word; listening to ${all.length - ended} more.` : `Listening to ${count(all.length, "source")}.`}</p></div>`}
    ${run.written ? html`<p class="written"><b>${modelName(run.written.model)} is writing</b> <span dir="auto">${run.written.text}</span></p>` : nothing}
    ${notes(run)}
    ${(run.answer?.conflicts ?? []).map((conflict) => sides(conflict, run, on))}
    ${missing(run)}
    ${run.final && run.answer?.citations.length ? references(run.answer) : nothing}`;
}

/** How the question was understood, and what else is to be known of the search. */
function notes({ answer, final }) {
  if (!answer) return nothing;
  const lines = [answer.asked_as && `Asked as: ${answer.asked_as}`, answer.searched_for && `Searched for: ${answer.searched_for}`, answer.asked_again && `Asked again with: ${answer.asked_again}`, ...(final ? answer.notes ?? [] : [])].filter(Boolean);
  return lines.length ? html`<ul class="notes" role="list">${lines.map((each) => html`<li dir="auto">${each}</li>`)}</ul>` : nothing;
}

/** Where each number comes from, for paper. */
function references(answer) {
  const first = new Map(answer.citations.map((citation) => [citation.number, citation]));
  return html`<ol class="references" role="list">${[...first].sort(([one], [other]) => one - other).map(([number, citation]) => html`<li><b>${number}</b> ${citation.title || `Document ${citation.document}`} (${citation.source}) <span>${citation.url}</span></li>`)}</ol>`;
}

function sides(conflict, run, on) {
  return html`<section class="differ" aria-label="Sources differ"><h3>Sources differ</h3><div class="sides">${conflict.sides.map((side) => {
    const citation = run.answer.citations.find((each) => each.number === side.number && each.quote.includes(side.figure));
    const quote = citation?.quote ?? "";
    const at = quote.indexOf(side.figure);
    return html`<div class="side"><p class="side-figure">${side.figure}</p><p class="side-source">${side.source} ${roundel(side.number, on, { source: side.source })}</p>
      <p class="side-quote" dir="auto">${at < 0 ? quote : html`${quote.slice(0, at)}<b>${side.figure}</b>${quote.slice(at + side.figure.length)}`}</p></div>`;
  })}</div><p class="differ-note">fanin takes no side.</p></section>`;
}

const ORDER = ["late", "blocked", "failed", "got", "nothing", "skipped"];
export function missing(run) {
  const rows = asked(run)
    .filter((source) => source.outcome && source.outcome.status !== "ok")
    .map((source) => ({ name: source.name, outcome: source.outcome, at: source.ended }));
  if (run.final) for (const [name, outcome] of Object.entries(run.answer?.sources ?? {})) if (outcome.status === "skipped") rows.push({ name, outcome });
  if (!rows.length) return run.final && run.answer?.success ? html`<p class="complete">${glyph("got")} Nothing is missing: every source asked has answered.</p>` : nothing;
  const kind = (row) => kindOf(row.outcome);
  rows.sort((one, other) => ORDER.indexOf(kind(one)) - ORDER.indexOf(kind(other)));
  const lost = rows.filter((row) => !["nothing", "skipped"].includes(kind(row)));
  const rest = rows.filter((row) => ["nothing", "skipped"].includes(kind(row)));
  const list = (each) => html`<ul role="list">${each.map((row) => {
    const [head, why] = plainly(row.outcome);
    return html`<li class="is-${kind(row)}">${glyph(kind(row))}<p><b>${row.name}</b> <span class="tag">${head}.</span> <span class="why" dir="auto">${why}</span></p></li>`;
  })}</ul>`;
  return html`<section class="missing" aria-label="What is missing">${lost.length ? html`<h3>Missing <span class="of">${lost.length} of ${run.sources.size}</span></h3>${list(lost)}` : nothing}
    ${rest.length ? html`<h3>Nothing to add</h3>${list(rest)}` : nothing}</section>`;
}

/** What could be done about a run without an answer. */
function help(run) {
  const of = (kind) => asked(run).filter((source) => source.kind === kind).map((source) => source.name).join(", ");
  const late = asked(run).filter((source) => source.outcome?.kind === "deadline").map((source) => source.name).join(", ");
  const rows = [[late, "More time may help", "was still working"], [of("blocked"), "Access may help", "did not let fanin in"], [of("failed"), "Later may help", "could not answer now"]].filter(([names]) => names);
  return rows.length ? html`<ul class="help-list" role="list">${rows.map(([names, what, why]) => html`<li><b>${what}</b><span>${names} ${names.includes(",") ? why.replace("was", "were") : why}.</span></li>`)}</ul>` : nothing;
}
