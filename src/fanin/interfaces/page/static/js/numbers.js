// Citation numbers that stay for a whole run. fanin keeps them from revision to revision, but counts those of the final
// answer anew; here a page that had a number keeps it, and one that had none gets the next.

const page = (cited) => (cited.url && cited.title ? `${cited.source} ${cited.title} ${cited.url}` : `${cited.source}/${cited.document}`);

/** A function that gives each answer of one run, in their order, with numbers that stay. */
export function stableNumbers() {
  const known = new Map();
  return (answer) => {
    const shown = new Map();
    for (const each of answer.citations) {
      if (!known.has(page(each))) known.set(page(each), answer.final ? Math.max(0, ...known.values()) + 1 : each.number);
      shown.set(each.number, known.get(page(each)));
    }
    return renumbered(answer, shown);
  };
}

/** The answer with other numbers; `given` of a citation is the number that it has in the API. */
export function renumbered(answer, shown) {
  const number = (each) => shown.get(each) ?? each;
  return {
    ...answer,
    text: answer.text.replace(/\[(\d{1,6})\]/g, (found, each) => (shown.has(Number(each)) ? `[${number(Number(each))}]` : found)),
    citations: answer.citations.map((each) => ({ ...each, number: number(each.number), given: each.number })),
    conflicts: answer.conflicts.map((each) => ({ ...each, sides: each.sides.map((side) => ({ ...side, number: number(side.number) })) })),
  };
}
