const undoing = new Set<() => void>();
let listening = false;

/** Has something undone even when the process ends before its tests do. Gives a function that calls this off. */
export function atExit(undo: () => void): () => void {
  if (!listening) listen();
  undoing.add(undo);
  return () => void undoing.delete(undo);
}

function listen(): void {
  listening = true;
  process.once("exit", () => {
    for (const undo of undoing) undo();
  });
  // signals come twice, to the process and by way of its parent, and the second must not end it before all is undone
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));
}
