// lit-html and signals in one place, and the one way in which the page sets a style: custom properties, by setProperty.
export { html, svg, render, nothing } from "../vendor/lit-html/lit-html.js";
export { repeat } from "../vendor/lit-html/directives/repeat.js";
export { signal, computed, effect, batch, untracked } from "../vendor/signals-core/signals-core.js";
import { html, svg, noChange } from "../vendor/lit-html/lit-html.js";
import { directive, Directive } from "../vendor/lit-html/directive.js";

class Vars extends Directive {
  render() { return noChange; }
  update(part, [vars]) {
    for (const [name, value] of Object.entries(vars)) {
      if (value === null || value === undefined) part.element.style.removeProperty(`--${name}`);
      else part.element.style.setProperty(`--${name}`, value);
    }
    return noChange;
  }
}
export const vars = directive(Vars);

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const SHAPES = {
  got: svg`<circle cx="8" cy="8" r="4.5" fill="currentColor"/>`,
  nothing: svg`<circle cx="8" cy="8" r="4" fill="none" stroke="currentColor" stroke-width="1.6"/>`,
  blocked: svg`<circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M4.6 8h6.8" stroke="currentColor" stroke-width="2.4"/>`,
  failed: svg`<path d="M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>`,
  late: svg`<circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 4.8V8l2.3 1.6" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"/>`,
  skipped: svg`<path d="M4 8h8" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2 2"/>`,
  running: svg`<circle cx="8" cy="8" r="2" fill="currentColor"/>`,
  play: svg`<path d="M5 3.4v9.2l7.4-4.6z" fill="currentColor"/>`,
  pause: svg`<path d="M4.5 3.5h2.4v9H4.5zM9.1 3.5h2.4v9H9.1z" fill="currentColor"/>`,
  again: svg`<path d="M12.6 8a4.6 4.6 0 1 1-1.5-3.4M12.8 2.6v2.8H10" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>`,
  stop: svg`<path d="M4 4h8v8H4z" fill="currentColor"/>`,
  fold: svg`<path d="M2 8h3.2M10.800 8H14M7 4.500L5.600 8 7 11.500M10.400 4.500L9 8l1.400 3.500" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linecap="round" stroke-linejoin="round"/>`,
  table: svg`<path d="M2.500 3.500h11v9h-11zM2.500 6.500h11M6.500 3.500v9" fill="none" stroke="currentColor" stroke-width="1.300"/>`,
  copy: svg`<path d="M5.500 5.500h7v7h-7zM3.500 10.500v-7h7" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linejoin="round"/>`,
  share: svg`<path d="M8 9.500V2.800M5.400 5L8 2.500 10.600 5M3.500 8.500v4.700h9V8.500" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linecap="round" stroke-linejoin="round"/>`,
  out: svg`<path d="M6 3.500H3.500v9h9V10M9 3.500h3.500V7M12.300 3.700L7.500 8.500" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linecap="round" stroke-linejoin="round"/>`,
};
export const glyph = (name) => html`<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[name]}</svg>`;
export const mark = () => html`<svg class="mark" viewBox="0 0 30 20" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="1.600" stroke-linecap="round"><path d="M1 2c10 0 11 8 20 8"/><path d="M1 7.300c9 0 11 2.700 20 2.700"/><path d="M1 12.700c9 0 11-2.700 20-2.700"/><path d="M1 18c10 0 11-8 20-8"/></g><circle class="mark-now" cx="25" cy="10" r="3.600"/></svg>`;
