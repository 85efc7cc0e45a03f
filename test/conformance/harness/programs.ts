import { x } from "tinyexec";

const programs = [
  ["pulumi", "version", "make setup says how to get it"],
  ["apt-get", "--version", "the suite's image is made from Debian's packages"],
] as const;

/** What of the programs that the suite starts is not there, the provider of a platform included, or undefined. */
export async function missingPrograms(provider: string): Promise<string | undefined> {
  for (const [program, argument, remedy] of programs) {
    if ((await run(program, argument)) === undefined) return `${program} is not on PATH: ${remedy}`;
  }
  const listed = (await run("pulumi", "plugin", "ls", "--json")) ?? "[]";
  const plugins = JSON.parse(listed) as readonly { readonly name: string; readonly kind: string }[];
  return plugins.some(({ name, kind }) => name === provider && kind === "resource")
    ? undefined
    : `Pulumi's provider ${provider} is not there: make setup with a STACK whose target is ${provider} gets it`;
}

/** What a program prints, or undefined when it is not there or fails. */
async function run(program: string, ...args: readonly string[]): Promise<string | undefined> {
  return x(program, [...args]).then(
    ({ exitCode, stdout }) => (exitCode === 0 ? stdout : undefined),
    () => undefined,
  );
}
