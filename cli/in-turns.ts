// Owns asking a node many questions, a bounded number at once. What is asked is the caller's.

/** The answers about items, in their order, with at most `atOnce` questions under way. Rejects with the first that fails. */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = new Array(items.length);
  const todo = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of todo) answers[index] = await ask(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}
