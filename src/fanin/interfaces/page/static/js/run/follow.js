// A follow-up below the answer: it is asked with the questions before it, as a run of its own, which has them above it.
import { html, nothing, signal } from "../dom.js";
import { ask } from "../api.js";
import { go } from "../router.js";
import { toast } from "../live.js";
import { usual } from "../theme.js";

const KEPT = "fanin-conversation-";
/** The questions and answers before a run, as this browser tab knows them. */
export const conversation = (id) => { try { return JSON.parse(sessionStorage.getItem(KEPT + id)) ?? []; } catch { return []; } };
const keep = (id, turns) => { try { sessionStorage.setItem(KEPT + id, JSON.stringify(turns)); } catch { /* private window, or full */ } };

const again = new Set();
/** Ask a run once more that its server no longer has, of the same sources and with as much time; whether that was done. */
export async function askAgain({ id, question, readOnly, inChat }, { sources, deadline }) {
  if (readOnly || inChat || again.has(id) || !question) return false;
  const turns = conversation(id), next = await ask({ question, sources, deadline, conversation: turns.map(({ question, answer }) => ({ question, answer })) });
  again.add(next);
  keep(next, turns);
  go(`/runs/${next}`, { replace: true });
  toast("The server came back without this run, so it was asked again.");
  return true;
}

export function followUps(source, run) {
  const asking = signal(false);
  const submit = async (text) => {
    if (!text.trim() || asking.value) return;
    asking.value = true;
    const turns = [...conversation(source.id), { id: source.id, question: run().answer?.query ?? "", answer: (run().answer?.text ?? "").slice(0, 4_000) }].slice(-8);
    try {
      const id = await ask({ question: text, deadline: usual(), conversation: turns.map(({ question, answer }) => ({ question, answer })) });
      keep(id, turns);
      go(`/runs/${id}`);
    } catch (error) { toast(error.message); }
    asking.value = false;
  };
  const turns = source.readOnly ? [] : conversation(source.id);
  const before = () => (turns.length ? html`<ol class="before" role="list" aria-label="Asked before">${turns.map((each) => html`<li><a href="/runs/${each.id}"><b dir="auto">${each.question}</b> <span dir="auto">${each.answer.replace(/\s*\[\d+\]/g, "")}</span></a></li>`)}</ol>` : nothing);
  const view = () => {
    const { answer, final } = run();
    if (!final || !answer || source.readOnly) return nothing;
    return html`<section class="follow" aria-label="Go on asking">
      ${answer.related?.length ? html`<ul class="related" role="list">${answer.related.map((each) => html`<li><button class="quiet-button" dir="auto" @click=${() => submit(each)}>${each}</button></li>`)}</ul>` : nothing}
      <form @submit=${(event) => { event.preventDefault(); submit(event.target.elements.more.value); }}>
        <label class="unseen" for="more">A follow-up</label><input id="more" name="more" dir="auto" autocomplete="off" maxlength="8000" placeholder="Ask a follow-up">
        <button class="button strong" ?disabled=${asking.value}>Ask</button></form>
    </section>`;
  };
  return { view, before, signals: [asking] };
}
