// Health: a line for each source, on one scale of time, so that two sources can be compared by eye.
import { html, svg, render, vars, nothing } from "../dom.js";
import { get } from "../api.js";
import { count } from "../say.js";

const KINDS = [["ok", "answered"], ["empty", "nothing found"], ["late", "too late"], ["blocked", "blocked"], ["failed", "failed"]];
const PARTS = [["wait", "waiting"], ["fetch", "fetching"], ["work", "processing"]];

/** A railway signal: the arm is up when the source may be asked, level when it may not. */
const arm = (state) => html`<svg class="arm is-${state}" viewBox="0 0 20 20" aria-hidden="true">${svg`<path class="post" d="M5 2v16M2.5 18h5"/>`}<g class="blade">${svg`<path d="M5 5H17"/>`}</g></svg>`;
const ARM = { closed: "asked freely", "half-open": "one call at a time", open: "left alone" };

const scaleOf = (limit) => { const step = [0.1, 0.2, 0.5, 1, 2, 5, 10].find((each) => limit / each <= 7) ?? 20; return Array.from({ length: Math.floor(limit / step) + 1 }, (_, index) => Number((index * step).toFixed(1))); };

function times(each, limit) {
  if (!each.times) return html`<span class="quiet">no figures yet</span>`;
  return html`<div class="times">${each.times.map((time) => { let at = 0; return html`<div class="time"><span class="track" aria-hidden="true">${PARTS.map(([kind, name]) => { const from = at; at += time[name]; return time[name] ? html`<i class="bar ${kind}" ${vars({ a: (from / limit) * 100, b: (at / limit) * 100 })}></i>` : nothing; })}</span><span class="n"><span class="unseen">${time.percent} of 100: </span>${at.toFixed(2)}</span></div>`; })}</div>`;
}

/** A column for each of the last 24 hours: in what time 80 of 100 calls were over. An hour in which calls failed is marked. */
function curve({ hours }, most) {
  const asked = hours.filter((each) => each.asked), times = asked.map((each) => each.seconds).filter((each) => each !== null);
  if (!asked.length) return html`<span class="quiet">not asked</span>`;
  const well = asked.reduce((sum, each) => sum + each.well, 0), all = asked.reduce((sum, each) => sum + each.asked, 0);
  const told = `${well} of ${count(all, "call")} went well${times.length ? `; 80 of 100 took ${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)} seconds` : ""}`;
  return html`<svg class="hours" viewBox="0 0 120 26" role="img" aria-label=${told}>${hours.map((each, index) => each.asked ? svg`<path d="M${index * 5 + 2.5} 21V${(21 - Math.max(1, ((each.seconds ?? 0) / most) * 19)).toFixed(1)}"/>${each.well < each.asked ? svg`<path class="lost" d="M${index * 5 + 2.5} 23v3" stroke-opacity=${0.4 + 0.6 * (1 - each.well / each.asked)}/>` : nothing}` : nothing)}${svg`<path class="ground" d="M0 21.500H120"/>`}</svg>`;
}

function line(each, limit, most) {
  const ended = KINDS.map(([kind, name]) => [kind, name, each.ended[kind] ?? 0]).filter(([, , number]) => number), state = each.health?.breaker ?? "closed";
  return html`<tr><th scope="row">${each.name}<small>${each.kind}</small></th>
    <td class="signal">${arm(state)}<span>${ARM[state] ?? state}</span></td><td class="n">${each.asked}</td>
    <td class="ends">${each.asked ? html`<span class="split" role="img" aria-label=${ended.map(([, name, number]) => `${number} ${name}`).join(", ")}>${ended.map(([kind, , number]) => html`<i class="share-${kind}" ${vars({ w: (number / each.asked) * 100 })}></i>`)}</span><b>${Math.round((((each.ended.ok ?? 0) + (each.ended.empty ?? 0)) / each.asked) * 100)} %</b>` : nothing}</td>
    <td class="wide">${times(each, limit)}</td><td>${curve(each, most)}</td><td class="n">${each.asked ? `${Math.round((each.cached / each.asked) * 100)} %` : ""}</td></tr>`;
}

export async function healthView(root) {
  const { sources, runs, futile } = await get("/v1/sources/history");
  const limit = Math.max(0.2, ...sources.flatMap((each) => (each.times ?? []).map((time) => time.waiting + time.fetching + time.processing))) * 1.06;
  const most = Math.max(0.1, ...sources.flatMap((each) => each.hours.map((hour) => hour.seconds ?? 0)));
  render(html`<section class="health"><header><h1>Sources</h1><p class="lead">${runs ? `From your last ${count(runs, "kept run")}.` : "No run is kept yet, so there are no figures."}</p>
      <ul class="key" role="list" aria-label="Key"><li><i class="bar wait"></i>waiting</li><li><i class="bar fetch"></i>fetching</li><li><i class="bar work"></i>work on a core</li>${KINDS.map(([kind, name]) => html`<li><i class="dot share-${kind}"></i>${name}</li>`)}</ul></header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="Sources"><table class="sources">
      <thead><tr><th scope="col">Source</th><th scope="col">Signal</th><th scope="col" class="n">Asked</th><th scope="col">How it ended</th><th scope="col" class="wide"><span>50, 80 and 95 of 100 calls are over in</span><span class="scale" aria-hidden="true">${scaleOf(limit).map((each) => html`<b ${vars({ a: (each / limit) * 100 })}>${each}${each ? "" : " s"}</b>`)}</span></th><th scope="col">24 hours, up to ${most.toFixed(1)} s</th><th scope="col" class="n">Cached</th></tr></thead>
      <tbody>${sources.map((each) => line(each, limit, most))}</tbody></table></div>
    <section class="futile"><h2>Futile questions</h2><p class="lead">Every source answered, and none had anything. Each is a source that you lack.</p>
      ${futile.length ? html`<ul role="list">${futile.map((each) => html`<li><a href="/runs/${each.run}" dir="auto">${each.question}</a><span>${count(each.sources, "source")}</span><span>asked ${each.times === 1 ? "once" : count(each.times, "time")}</span></li>`)}</ul>` : html`<p class="empty">There are none.</p>`}</section></section>`, root);
  return { title: "Sources", keys: {}, leave() {} };
}
