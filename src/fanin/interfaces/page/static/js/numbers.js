// Citation numbers that stay. fanin keeps them from revision to revision, and counts those of the final answer from 1. Once
// that is there, its numbers are those of the whole run: in a replay, in links and in every copy a page has one number.

const page = (cited) => (cited.url && cited.title ? `${cited.source} ${cited.title} ${cited.url}` : `${cited.source}/${cited.document}`);

/** A function that gives a revision with the numbers of the final answer; pages that it does not cite get the next ones. */
export function finalNumbers(final) {
  const known = new Map(final.citations.map((each) => [page(each), each.number]));
  return (answer) => {
    const shown = new Map();
    for (const each of answer.citations) {
      if (!known.has(page(each))) known.set(page(each), Math.max(0, ...known.values()) + 1);
      shown.set(each.number, known.get(page(each)));
    }
    return renumbered(answer, (number) => shown.get(number) ?? number);
  };
}

const renumbered = (answer, number) => ({
  ...answer,
  text: answer.text.replace(/\[(\d{1,6})\]/g, (_, each) => `[${number(Number(each))}]`),
  citations: answer.citations.map((each) => ({ ...each, number: number(each.number) })),
  conflicts: answer.conflicts.map((each) => ({ ...each, sides: each.sides.map((side) => ({ ...side, number: number(side.number) })) })),
});
