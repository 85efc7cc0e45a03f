import { x } from "tinyexec";

const programs = [
  ["pulumi", "version", "make doctor says how to get it"],
  ["apt-get", "--version", "the suite's image is made from Debian's packages"],
] as const;

/** Which program of those that the suite starts is not there, or undefined. */
export async function missingPrograms(): Promise<string | undefined> {
  for (const [program, argument, remedy] of programs) {
    const found = await x(program, [argument]).then(
      ({ exitCode }) => exitCode === 0,
      () => false,
    );
    if (!found) return `${program} is not on PATH; ${remedy}`;
  }
  return undefined;
}
