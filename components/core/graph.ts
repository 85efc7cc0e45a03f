/** What each name needs before it: an edge from a name to every name in its set. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/** Names in an order in which every name comes after all that it needs; ties in alphabetical order. Needs no cycle. */
export function startOrder(dependencies: Dependencies): readonly string[] {
  const order: string[] = [];
  const placed = new Set<string>();
  const place = (name: string): void => {
    if (placed.has(name)) return;
    placed.add(name);
    for (const needed of [...(dependencies.get(name) ?? [])].sort()) place(needed);
    order.push(name);
  };
  for (const name of [...dependencies.keys()].sort()) place(name);
  return order;
}

/** One cycle as a closed path (`a`, `b`, `a`), or nothing when there is none. */
export function findCycle(dependencies: Dependencies): readonly string[] | undefined {
  const done = new Set<string>();
  // a set keeps the order of insertion, and knows its members without a search
  const path = new Set<string>();
  const visit = (name: string): readonly string[] | undefined => {
    if (path.has(name)) {
      const names = [...path];
      return [...names.slice(names.indexOf(name)), name];
    }
    if (done.has(name)) return undefined;
    path.add(name);
    for (const needed of [...(dependencies.get(name) ?? [])].sort()) {
      const cycle = visit(needed);
      if (cycle !== undefined) return cycle;
    }
    path.delete(name);
    done.add(name);
    return undefined;
  };
  for (const name of [...dependencies.keys()].sort()) {
    const cycle = visit(name);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Cycles that have no name in common, each as a closed path; none when there is no cycle at all. */
export function findCycles(dependencies: Dependencies): readonly (readonly string[])[] {
  const cycle = findCycle(dependencies);
  if (cycle === undefined) return [];
  const rest = new Map([...dependencies].filter(([name]) => !cycle.includes(name)));
  return [cycle, ...findCycles(rest)];
}

/** The given names and everything that they need, directly or not. */
export function withDependencies(names: Iterable<string>, dependencies: Dependencies): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(dependencies.get(name) ?? []));
  }
  return found;
}
