// Seconds to percent and back; idle stretches can be folded to a tenth of their length, and a part can be shown alone.
const FOLD = 0.1;
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60];

/** `zoom` is how many times as large as the whole, and the second in the middle. */
export function makeScale(outline, folded, zoom = { times: 1, middle: 0 }) {
  const end = Math.max(outline.deadline, outline.total, 0.001);
  const cuts = folded ? idle(outline.busy, end) : [];
  const length = end - cuts.reduce((sum, [from, to]) => sum + (to - from) * (1 - FOLD), 0);
  const whole = (t) => {
    let gone = 0;
    for (const [from, to] of cuts) if (t > from) gone += (Math.min(t, to) - from) * (1 - FOLD);
    return ((t - gone) / length) * 100;
  };
  const width = 100 / zoom.times;
  const left = Math.max(0, Math.min(100 - width, whole(zoom.middle) - width / 2));
  const x = (t) => (whole(t) - left) * zoom.times;
  const t = (percent) => {
    let low = 0, high = end;
    for (let i = 0; i < 40; i++) { const mid = (low + high) / 2; if (x(mid) < percent) low = mid; else high = mid; }
    return (low + high) / 2;
  };
  return { x, t, end, cuts, ticks: ticks(x, t, cuts) };
}

function idle(busy, end) {
  const cuts = [];
  let at = 0;
  for (const [from, to] of [...busy, [end, end]]) {
    if (from - at > 0.3) cuts.push([at, from]);
    at = Math.max(at, to);
  }
  return cuts;
}

function ticks(x, t, cuts) {
  const from = t(0), to = t(100), step = STEPS.find((each) => (to - from) / each <= 8.01) ?? 120, found = [];
  for (let number = Math.ceil(from / step - 1e-6); number * step <= to + 1e-9; number++) {
    const tick = Number((number * step).toFixed(3));
    const inside = cuts.some(([start, end]) => tick > start + 0.02 && tick < end - 0.02);
    if (!inside && !(found.length && x(tick) - x(found.at(-1)) < 5)) found.push(tick);
  }
  return found;
}
