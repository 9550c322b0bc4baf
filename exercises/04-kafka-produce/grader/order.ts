/**
 * The first two of `ids` that were seen in another order: `[earlier, later]`, where the later one was seen first.
 * What was seen several times counts by its first and by its last place: a batch that is sent again at once, whole,
 * doubles records and does not change their order.
 */
export function firstOutOfOrder(
  ids: readonly string[],
  seen: readonly string[],
): [earlier: string, later: string] | undefined {
  const place = new Map(ids.map((id, index) => [id, index]));
  const firsts = [...new Set(seen)];
  const lasts = [...new Set(seen.toReversed())].toReversed();
  for (const order of [firsts, lasts]) {
    for (const [index, id] of order.entries()) {
      const before = order[index - 1];
      if (before !== undefined && (place.get(before) ?? 0) > (place.get(id) ?? 0))
        return [id, before];
    }
  }
  return undefined;
}
