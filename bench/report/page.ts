// docs/performance.md keeps each part's tables between two comments; a new measurement replaces them.

/** Put `text` between the marks of `part`; throws when the page has no such marks. */
export function replacePart(page: string, part: string, text: string): string {
  const [start, end] = [`<!-- bench ${part} -->`, `<!-- end of ${part} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no "${start}" ... "${end}" to put the tables between`);
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`;
}
