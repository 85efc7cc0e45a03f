/** What a thing asks of a node, in thousandths of a core. */
interface Request<Name> {
  readonly name: Name;
  readonly millis: number;
}

/** Things in groups that fit a node, in their order; what is too much by itself is alone. */
export function groupsThatFit<Name>(requests: readonly Request<Name>[], millis: number): readonly (readonly Name[])[] {
  const groups: { names: Name[]; millis: number }[] = [];
  for (const request of requests) {
    const last = groups.at(-1);
    if (last === undefined || last.millis + request.millis > millis)
      groups.push({ names: [request.name], millis: request.millis });
    else {
      last.names.push(request.name);
      last.millis += request.millis;
    }
  }
  return groups.map(({ names }) => names);
}
