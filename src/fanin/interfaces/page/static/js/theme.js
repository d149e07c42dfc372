// What is kept in this browser: the theme, and whether single keys do something.
import { html } from "./dom.js";

const THEMES = [["", "System"], ["light", "Light"], ["dark", "Dark"], ["contrast", "High contrast"]];
export const kept = (name) => { try { return localStorage.getItem(`fanin-${name}`) ?? ""; } catch { return ""; } };
export const keep = (name, value) => { try { localStorage.setItem(`fanin-${name}`, value); } catch { /* private window */ } };
/** The seconds that were chosen last for a question. */
export const usual = () => Number(kept("deadline")) || 6;
export function theme(name) {
  const root = document.documentElement;
  keep("theme", name);
  delete root.dataset.contrast;
  delete root.dataset.theme;
  if (name === "contrast") root.dataset.contrast = "more";
  else if (name) root.dataset.theme = name;
}
export const themes = () => html`<label class="theme"><span class="unseen">Theme</span><select @change=${(event) => theme(event.target.value)}>${THEMES.map(([value, name]) => html`<option value=${value} ?selected=${kept("theme") === value}>${name}</option>`)}</select></label>`;
