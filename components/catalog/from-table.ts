import { entry, type ImageName } from "../../images/table";

interface FromTable {
  readonly image: string;
  readonly security: { readonly user: number; readonly group: number };
  /** The signal on which the program ends in order. */
  readonly signal: string;
}

/** What a spec takes from the table of images: the reference, the user that the image is made for, and its signal. */
export function fromTable(name: ImageName): FromTable {
  const { upstream, user, stopSignal = "SIGTERM" } = entry(name);
  return { image: upstream, security: { user: user.uid, group: user.gid }, signal: stopSignal };
}
