// The citation's popover: one element for all, opened by hover, focus and tap, pinned by click, closed by Escape.
import { html, render, nothing, glyph, $ } from "../dom.js";
import { seconds } from "../say.js";

const box = () => $("#cite");
let timer = 0;
let pinned = null;
let returning = false; // focus that comes back opens nothing
export let opened = null;

/** The address if a browser may be led there. */
export const webAddress = (url) => { const found = URL.parse(url.trim()); return ["http:", "https:"].includes(found?.protocol) ? found : null; };

/** The address of the quoted words within a page. */
const fragment = (quote) => {
  const words = quote.trim().split(/\s+/);
  const part = (list) => encodeURIComponent(list.join(" ")).replace(/-/g, "%2D");
  return words.length > 9 ? `${part(words.slice(0, 4))},${part(words.slice(-4))}` : part(words);
};

function passage(answer, citations) {
  const first = citations[0];
  const found = answer.passages.find((each) => each.source === first.source && each.document === first.document && each.text.includes(first.quote));
  const text = found?.text ?? first.quote;
  const marks = citations.map((each) => [text.indexOf(each.quote), each.quote.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0]);
  const from = Math.max(0, marks[0][0] - 260), to = Math.min(text.length, marks.at(-1)[0] + marks.at(-1)[1] + 260);
  const parts = [from > 0 ? "… " : ""];
  let at = from;
  for (const [start, length] of marks) {
    if (start < at) continue;
    parts.push(text.slice(at, start), html`<mark>${text.slice(start, start + length)}</mark>`);
    at = start + length;
  }
  return [...parts, text.slice(at, to), to < text.length ? " …" : ""];
}

export function controller({ state, light }) {
  const close = (back = false) => {
    clearTimeout(timer);
    if (!opened) return;
    const { anchor } = opened;
    opened = pinned = null;
    if (box().matches(":popover-open")) box().hidePopover();
    anchor.removeAttribute("aria-expanded");
    light("");
    if (back) { returning = true; anchor.focus(); returning = false; }
  };
  const open = (anchor, pin = false) => {
    clearTimeout(timer);
    const number = Number(anchor.dataset.cite);
    const { answer, sources } = state();
    const citations = answer?.citations.filter((each) => each.number === number) ?? [];
    if (!citations.length) return;
    opened?.anchor.removeAttribute("aria-expanded");
    opened = { anchor, number };
    if (pin) pinned = anchor;
    const [first] = citations;
    const source = sources.get(first.source);
    const arrived = source?.documents.find((each) => each.number === first.document)?.arrived;
    const address = webAddress(first.url);
    render(html`
      <div class="cite-head"><span class="roundel plain">${number}</span><p><b dir="auto">${first.title || `Document ${first.document}`}</b><span>${first.source}${arrived === undefined ? nothing : html`<span class="sep">·</span>arrived at ${seconds(arrived)}`}</span></p>
        ${pinned ? html`<button class="quiet-button" aria-label="Close the citation" @click=${() => close(true)}>${glyph("failed")}</button>` : nothing}</div>
      <blockquote dir="auto">${passage(answer, citations)}</blockquote>
      <div class="cite-foot">${address ? html`<a href="${address.href}${address.hash ? "" : "#"}:~:text=${fragment(first.quote)}" rel="noopener noreferrer" target="_blank">${glyph("out")} Open at these words</a><span class="host">${address.host}</span>` : html`<span>This source has no address.</span>`}</div>`, box());
    anchor.setAttribute("aria-expanded", "true");
    light(first.source);
    if (!box().matches(":popover-open")) box().showPopover();
    place(anchor);
    if (pin) box().querySelector("a, button")?.focus();
  };
  const place = (anchor) => {
    const at = anchor.getBoundingClientRect(), own = box().getBoundingClientRect();
    const left = Math.max(12, Math.min(innerWidth - own.width - 12, at.left + at.width / 2 - own.width / 2));
    const below = at.bottom + 8 + own.height < innerHeight - 8 || at.top < own.height + 16;
    box().style.setProperty("--x", `${left}px`);
    box().style.setProperty("--y", `${below ? at.bottom + 8 : at.top - own.height - 8}px`);
  };
  /** After a revision: what is open has gone with its sentence, or has another number in the final answer. */
  const check = () => {
    if (!opened?.anchor.isConnected) close();
    else if (Number(opened.anchor.dataset.cite) !== opened.number) open(opened.anchor);
  };
  box().addEventListener("pointerenter", () => clearTimeout(timer));
  box().addEventListener("pointerleave", () => { if (!pinned) timer = setTimeout(close, 160); });
  document.addEventListener("pointerdown", (event) => { if (opened && !box().contains(event.target) && !event.target.closest?.("[data-cite]")) close(); });
  addEventListener("scroll", () => { if (opened) place(opened.anchor); }, { passive: true });
  addEventListener("resize", () => { if (opened) place(opened.anchor); });
  return {
    open, close, check,
    on: {
      enter: (event) => { if (event.pointerType !== "touch" && !pinned) { clearTimeout(timer); const anchor = event.currentTarget; timer = setTimeout(() => open(anchor), 90); } },
      leave: () => { if (!pinned) { clearTimeout(timer); timer = setTimeout(close, 180); } },
      focus: (event) => { if (!pinned && !returning && event.currentTarget.matches(":focus-visible")) open(event.currentTarget); },
      click: (event) => { const anchor = event.currentTarget; pinned === anchor ? close(true) : open(anchor, true); },
    },
  };
}
