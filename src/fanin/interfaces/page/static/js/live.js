// What is said aloud, politely and at boundaries only; what is shown for a moment; and what a bar is, when pointed at.
import { $ } from "./dom.js";

let timer = 0;
export function announce(text) { $("#live").textContent = text; }
export function toast(text) {
  announce(text);
  const box = $("#toast");
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => box.classList.remove("shown"), 2400);
}

/** Bars have a function `tip` that gives their text, which is called only when a pointer rests on one. */
export function tips(panel) {
  const box = $("#tip");
  const hide = () => box.classList.remove("shown");
  panel.addEventListener("pointerover", (event) => {
    const text = event.pointerType === "touch" ? "" : event.target.tip?.();
    if (!text) return hide();
    const at = event.target.getBoundingClientRect();
    box.textContent = text;
    box.classList.add("shown");
    const own = box.getBoundingClientRect();
    box.style.setProperty("--x", `${Math.max(8, Math.min(innerWidth - own.width - 8, event.clientX - own.width / 2))}px`);
    box.style.setProperty("--y", `${at.top - own.height - 6}px`);
  });
  panel.addEventListener("pointerleave", hide);
  return hide;
}
