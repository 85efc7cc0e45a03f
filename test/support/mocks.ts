import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A resource as the program registered it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** Secrets are in Pulumi's envelope; `revealed` takes them out of it. */
  readonly inputs: Record<string, unknown>;
  readonly parent: string;
  readonly urn: string;
  /** Empty where it is the stack. */
  readonly parentUrn: string;
  /** URNs of the resources that an input comes from. */
  readonly uses: Readonly<Record<string, readonly string[]>>;
  /** Names of the resources that it was told to come after, sorted. */
  readonly dependsOn: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly replaceOnChanges: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly retainOnDelete: boolean;
  /** Name of the resource whose end is also its own, or nothing. */
  readonly deletedWith: string;
  readonly protect: boolean;
  /** Name of the provider that was chosen for it, or nothing for the default one. */
  readonly provider: string;
  /** The names that it had before. */
  readonly aliases: readonly string[];
}

export interface Rendered<Result> {
  /** Sorted by type and name, because they are not recorded in the order in which they are written. */
  readonly resources: readonly Recorded[];
  /** What components registered as their outputs, by name. */
  readonly outputs: ReadonlyMap<string, Record<string, unknown>>;
  readonly result: Result;
}

const secretKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

const project = "shop-project";
const stack = "test";

/** What a generated password is in a test: nothing else has these letters in it. */
export const markerOf = (name: string): string => `secret-of-${name}`;

/** Runs a program against mocks, waits until all of its resources are registered, and gives them back. */
export async function render<Result>(program: () => Result, preview = false): Promise<Rendered<Result>> {
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, project, stack, preview);
  const resources: Recorded[] = [];
  const outputs = new Map<string, Record<string, unknown>>();
  record(resources, outputs);
  try {
    const result = program();
    await pulumi.runtime.disconnect();
    resources.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
    return { resources, outputs, result };
  } finally {
    // the mocks are the whole process's, and the next test may not want any
    pulumi.runtime.resetOptions("", "", -1, "", "", false, "");
  }
}

function newResource({ type, name, inputs }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  const generated = type.startsWith("random:") ? { result: pulumi.secret(markerOf(name)) } : {};
  const stashed = type === "pulumi:index:Stash" ? { output: `${name}-value` } : {};
  return { id: `${name}-id`, state: { ...inputs, ...generated, ...stashed } };
}

/** The mocks are told of a resource's inputs only; its options are in the request. */
function record(resources: Recorded[], outputs: Map<string, Record<string, unknown>>): void {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("the mocks were not set");
  const { registerResource, registerResourceOutputs } = monitor;
  const recording = (request: RegisterResourceRequest, ...rest: unknown[]): unknown => {
    resources.push({
      type: request.getType(),
      name: request.getName(),
      inputs: pulumi.runtime.deserializeProperties(request.getObject() ?? new Struct()),
      parent: nameIn(request.getParent()),
      urn: urnOf(request),
      parentUrn: request.getParent(),
      uses: Object.fromEntries(
        [...request.getPropertydependenciesMap().entries()].map(([key, urns]) => [key, urns.getUrnsList()]),
      ),
      dependsOn: request.getDependenciesList().map(nameIn).sort(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      replaceOnChanges: request.getReplaceonchangesList(),
      ignoreChanges: request.getIgnorechangesList(),
      retainOnDelete: request.getRetainondelete() ?? false,
      deletedWith: nameIn(request.getDeletedwith()),
      protect: request.getProtect() ?? false,
      provider: nameIn(request.getProvider().replace(/::[^:]*$/, "")),
      aliases: request.getAliasesList().map((alias) => alias.getSpec()?.getName() ?? alias.getUrn()),
    });
    return Reflect.apply(registerResource, monitor, [request, ...rest]);
  };
  const recordingOutputs = (request: RegisterResourceOutputsRequest, ...rest: unknown[]): unknown => {
    const values = pulumi.runtime.deserializeProperties(request.getOutputs() ?? new Struct());
    outputs.set(nameIn(request.getUrn()), values);
    return Reflect.apply(registerResourceOutputs, monitor, [request, ...rest]);
  };
  Object.assign(monitor, { registerResource: recording, registerResourceOutputs: recordingOutputs });
}

/** As the mocks make them. */
function urnOf(request: RegisterResourceRequest): string {
  const parent = request.getParent().split("::")[2]?.split("$").at(-1);
  const type = parent === undefined ? request.getType() : `${parent}$${request.getType()}`;
  return `urn:pulumi:${stack}::${project}::${type}::${request.getName()}`;
}

const nameIn = (urn: string): string => urn.split("::").at(-1) ?? "";

/** The resource of this name; fails when there is none, or more than one. */
export function only(resources: readonly Recorded[], type: string, name: string): Recorded {
  const found = resources.filter((resource) => resource.type === type && resource.name === name);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const known = resources.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
  throw new Error(`${found.length} resources are ${type} ${name}; there are\n  ${known}`);
}

/** Whether a value is in Pulumi's envelope for secrets. */
export function isSecret(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && Reflect.get(value, secretKey) === secretMark;
}

/** The value without envelopes of secrets, on any level. */
export function revealed(value: unknown): unknown {
  if (isSecret(value)) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}

/** Where a text occurs outside of envelopes: there it could be read by anybody. */
export function leaks(value: unknown, marker: string, path = ""): readonly string[] {
  if (isSecret(value)) return [];
  if (typeof value === "string") return value.includes(marker) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaks(inner, marker, `${path}.${key}`));
}

/** `up`, or with what message an output has failed. */
export function outcomeOf(up: pulumi.Output<unknown>): Promise<string> {
  // an output that fails has no other way to be heard
  const { promise } = up as unknown as { promise: () => Promise<unknown> };
  return promise.call(up).then(
    () => "up",
    (error: Error) => error.message,
  );
}
