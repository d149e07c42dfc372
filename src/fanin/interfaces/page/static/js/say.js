// What an outcome is called: one kind (a shape and a colour) and plain words. No status word reaches the reader.
const COUNT = new Intl.NumberFormat("en");
export const seconds = (value, digits = 2) => `${value.toFixed(digits)} s`;
export const short = (value) => (value === 0 ? "0" : value < 0.01 ? "<0.01" : value < 10 ? value.toFixed(2) : value.toFixed(1));
export const count = (number, thing) => `${COUNT.format(number)} ${thing}${number === 1 ? "" : "s"}`;
const ORDINAL = ["", "first", "second", "third", "fourth", "fifth", "sixth"];
export const ordinal = (number) => ORDINAL[number] ?? `${number}th`;

/** A model's own name, without that of its service. */
export const modelName = (name) => name.slice(name.indexOf(":") + 1);

/** The kind of an outcome: got, nothing, blocked, failed, late or skipped. */
export function kindOf(outcome) {
  const { status, kind } = outcome;
  if (status === "ok" || status === "partial") return "got";
  if (status === "empty") return "nothing";
  if (status === "skipped" || status === "cancelled") return "skipped";
  if (status === "timeout") return "late";
  if (["rate_limited", "open_circuit", "shed"].includes(status) || kind === "private" || /^http_(401|403|429)$/.test(kind)) return "blocked";
  return "failed";
}

/** A few words for a row of the timetable. */
export function briefly(outcome) {
  switch (outcome.status) {
    case "ok": return count(outcome.documents, "doc");
    case "partial": return `${count(outcome.documents, "doc")}, cut`;
    case "empty": return "nothing found";
    case "timeout": return "too late";
    case "rate_limited": return "over quota";
    case "open_circuit": return "resting";
    case "shed": return "queue full";
    case "skipped": return "not asked";
    case "cancelled": return "not needed";
  }
  if (/^http_(401|403)$/.test(outcome.kind)) return "refused us";
  if (/^http_5/.test(outcome.kind)) return `broken, ${outcome.kind.slice(5)}`;
  if (outcome.kind === "unreachable" || outcome.kind === "connection") return "no connection";
  return "failed";
}

/** The heading and the reason of a missing source: what happened, in words for a reader. */
export function plainly(outcome) {
  const tries = outcome.attempts > 1 ? `, asked ${outcome.attempts} times` : "";
  switch (outcome.status) {
    case "empty": return ["Nothing found", "It answered, and had nothing on this question."];
    case "timeout":
      return outcome.kind === "deadline"
        ? ["Too late", "Still working when the deadline came."]
        : ["Too late", `${outcome.message.replace(/; fanin.*$/, "").replace(/\.$/, "")}${tries}.`];
    case "partial": return ["Cut short", outcome.message];
    case "rate_limited": {
      const again = /Ask again in (\d+) s/.exec(outcome.message);
      return ["Blocked: over quota", `It takes no more questions for now${again ? `; ask again in ${again[1]} s` : ""}.`];
    }
    case "open_circuit": {
      const again = /for another ([\d.]+) s/.exec(outcome.message);
      return ["Blocked: resting", `It kept failing, so fanin leaves it alone${again ? ` for another ${again[1]} s` : ""}.`];
    }
    case "skipped": return ["Not asked", "The question is not one of its topics."];
    case "cancelled": return ["Not needed", "Enough was known without it."];
  }
  if (/^http_(401|403)$/.test(outcome.kind))
    return ["Blocked: refused", `It does not let fanin in (${outcome.kind.slice(5)}). Check its key and settings.`];
  if (/^http_5/.test(outcome.kind)) return ["Broken", `It answered with an error of its own (${outcome.kind.slice(5)})${tries}.`];
  if (outcome.kind === "unreachable" || outcome.kind === "connection") return ["No connection", `Nothing listens at its address${tries}.`];
  return ["Failed", outcome.message];
}
