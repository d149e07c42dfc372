// The answer as Markdown, as a person would paste it, with the numbers that the page shows. Nothing of a source is markup.
import { heard } from "../model.js";
import { plainly, count, seconds } from "../say.js";

const plain = (text) => text.replace(/[\\`*_{}<>()#|~&$!@[\]]/g, "\\$&").replace(/^[ \t]*(\d*)([-+=.)])/gm, "$1\\$2");
const link = (url) => (/^https?:\/\/[^\s<>"'\\`]+$/i.test(url) ? url : "");

export function markdown(run) {
  const { answer } = run, seen = new Set();
  const lines = [`# ${plain(answer.query.replace(/\s+/g, " "))}`, "", plain(answer.text) || "No answer.", ""];
  for (const each of [...answer.citations].sort((one, other) => one.number - other.number)) {
    if (seen.has(each.number)) continue;
    seen.add(each.number);
    const title = plain(each.title.replace(/\s+/g, " ") || `document ${each.document}`);
    lines.push(`\\[${each.number}\\] ${link(each.url) ? `[${title}](<${each.url}>)` : title} (${plain(each.source)})`, "");
  }
  const rows = Object.values(answer.sources).filter((outcome) => outcome.status !== "ok");
  if (rows.length) lines.push("Missing:", "", ...rows.map((outcome) => `- ${plain(`${outcome.source}: ${plainly(outcome).join(". ")}`.replace(/\s+/g, " "))}`), "");
  lines.push(`${heard(run).length} of ${count(run.sources.size, "source")} in ${seconds(answer.execution_time)} on ${count(answer.cores_used, "core")}.`);
  return lines.join("\n");
}
