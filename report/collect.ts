import { type EngineEvent, LocalWorkspace, Stack } from "@pulumi/pulumi/automation";
import type { Collected } from "./events";

/** A preview to be made. */
export interface Preview {
  /** Folder of the project. */
  readonly folder: string;
  readonly stack: string;
  /** File with the stack's configuration. @default - Pulumi's own choice */
  readonly configFile?: string | undefined;
  /** Folders of policy packs. */
  readonly policyPacks: readonly string[];
  /** Settings of Pulumi that are not those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Seconds after which the preview is ended. */
  readonly timeoutSeconds: number;
}

/** Previews a stack and gives what the engine says of it. Whatever goes wrong is part of the answer. */
export async function collect({ stack, ...preview }: Preview): Promise<Collected> {
  const events: EngineEvent[] = [];
  try {
    const { folder, configFile, policyPacks, env, timeoutSeconds } = preview;
    const selected = await Stack.select(stack, await workspaceOf(folder, env));
    await selected.preview({
      onEvent: (event) => void events.push(event),
      color: "never",
      suppressOutputs: true,
      ...(configFile === undefined ? {} : { configFile }),
      ...(policyPacks.length === 0 ? {} : { policyPacks: [...policyPacks] }),
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    return { stack, events };
  } catch (error) {
    return failed(stack, events, error);
  }
}

export function failed(stack: string, events: readonly EngineEvent[], error: unknown): Collected {
  const message = error instanceof Error ? error.message : String(error);
  // of what the command line has printed, which the error repeats, so much as says what is wrong
  const wrong = new Set(message.split("\n").filter((line) => line.startsWith("error: ")));
  return { stack, events, failure: wrong.size === 0 ? message : [...wrong].join("\n") };
}

/** A preview names its stack and selects none: whoever calls `pulumi` next would have another one than before. */
async function workspaceOf(folder: string, env: Readonly<Record<string, string>>): Promise<LocalWorkspace> {
  const workspace = await LocalWorkspace.create({ workDir: folder, envVars: { ...env } });
  return Object.assign(workspace, { selectStack: () => Promise.resolve() });
}
