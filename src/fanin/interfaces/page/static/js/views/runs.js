// Where a run comes from: one of one's own, live or kept, or one that somebody shared.
import { get } from "../api.js";
import { runView } from "../run/run.js";

export async function ownRun(root, name) {
  const id = encodeURIComponent(name), told = await get(`/v1/runs/${id}`);
  return runView(root, {
    id, run: `/v1/runs/${id}`, events: `/v1/runs/${id}/events`, question: told.question,
    askedAt: told.status === "running" ? told.asked_at : undefined,
  });
}

export async function sharedRun(root, name) {
  const id = encodeURIComponent(name), told = await get(`/v1/shared/${id}`);
  return runView(root, { id, run: `/v1/shared/${id}`, events: `/v1/shared/${id}/events`, question: told.question, readOnly: true });
}
