/** Does something with each item, a few at a time. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  width: number,
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) results.push(await act(item));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
