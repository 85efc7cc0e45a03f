/** Where that is which alerts lead to, as people reach it. What has no address is named by its path alone. */
export interface Links {
  /** Address of Grafana. @default - none */
  readonly grafana?: string | undefined;
  /** Address that the project's files are read at, runbooks among them. @default - none */
  readonly project?: string | undefined;
}

/** An address below another one, if there is one. What is an address itself stays as it is. */
export function linkTo(base: string | undefined, path: string): string {
  if (base === undefined || URL.canParse(path)) return path;
  return `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
}
