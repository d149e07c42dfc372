// The clock of a run. Live, it follows the wall clock; in a replay, the events' own speed. One frame at a time, and
// nothing while it stands.
import { signal, batch } from "./dom.js";

export const t = signal(0);
export const playing = signal(false);
export const live = signal(false);
export const speed = signal(1);
export const folded = signal(false);
export const zoom = signal({ times: 1, middle: 0 });
let end = 0, before = 0, frame = 0, began = 0;

const wake = () => { frame ||= requestAnimationFrame(tick); };
function tick(now) {
  frame = 0;
  if (live.value) {
    t.value = Math.max(0, (performance.now() - began) / 1000);
    return wake();
  }
  if (!playing.value) return;
  const next = Math.min(end, t.value + (Math.max(0, now - before) / 1000) * speed.value); // a frame can be older than the click
  before = now;
  batch(() => { t.value = next; if (next >= end) playing.value = false; });
  if (playing.value) wake();
}

export function reset() {
  stop();
  batch(() => { t.value = 0; live.value = false; zoom.value = { times: 1, middle: 0 }; folded.value = false; });
  end = 0;
}
/** Follow the wall clock; `start` is when the run began, by `performance.now()`. */
export function follow(start) { began = start; if (!live.value) { playing.value = false; live.value = true; } wake(); }
/** The run has so many seconds; at its end, a clock that followed it stands still. */
export function extend(total, over) {
  end = total;
  if (over && live.value) batch(() => { live.value = false; t.value = total; });
}
export function play() {
  if (t.value >= end) t.value = 0;
  live.value = false;
  playing.value = true;
  before = performance.now();
  wake();
}
export function stop() { playing.value = false; live.value = false; cancelAnimationFrame(frame); frame = 0; }
export const toggle = () => (playing.value ? stop() : play());
export function seek(to) { live.value = false; t.value = Math.max(0, Math.min(end, to)); before = performance.now(); }
export function zoomBy(factor) {
  const times = Math.max(1, Math.min(64, zoom.value.times * factor));
  zoom.value = { times, middle: t.value };
}
