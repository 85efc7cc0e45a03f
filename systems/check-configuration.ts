import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescriptionError, type Problem } from "../components/core/errors";
import type { ServicePlan, SystemPlan } from "../components/core/plan-types";
import { partsOf } from "../components/core/value";
import { type ConfigCheck, configChecks } from "../components/monitoring/config-checks";
import { archiveOf } from "../components/targets/docker/archive";
import type { ResolveImage } from "../components/targets/images";
import { cacheFolder } from "../images/cache";
import { CommandError, run } from "../images/command";
import { shortHash } from "../images/hash";

/**
 * Has the monitoring's own programs judge the files that they would read, in containers of the same images that reach nothing.
 * So a mistake in a rule is told before anything is changed, and the old configuration goes on. What was found good is not
 * asked about again. Throws a `DescriptionError` with what they say.
 */
export async function checkConfiguration(plans: readonly SystemPlan[], resolveImage: ResolveImage): Promise<void> {
  const problems = await Promise.all(
    plans.flatMap(({ name, services }) =>
      configChecks.flatMap((check) =>
        services
          .filter((service) => service.name === check.service)
          .map((service) => judge(name, service, check, resolveImage)),
      ),
    ),
  );
  if (problems.flat().length > 0) throw new DescriptionError("configuration of the monitoring", problems.flat());
}

async function judge(
  system: string,
  { name, image, files }: ServicePlan,
  { file, command }: ConfigCheck,
  resolveImage: ResolveImage,
): Promise<readonly Problem[]> {
  const resolved = resolveImage(image);
  if (resolved.kind === "unavailable") return [];
  const entries = files.map(({ path, content }) => ({
    path,
    // any word does in the place of a secret: it is not looked at
    content: partsOf(content)
      .map((part) => (typeof part === "string" ? part : "secret"))
      .join(""),
    mode: "444",
    uid: 0,
    gid: 0,
  }));
  const known = join(cacheFolder(), "checked", shortHash([resolved.reference, ...command, JSON.stringify(entries)]));
  if (existsSync(known)) return [];
  const unpack = `base64 -d | tar -xC / && exec ${[...command, file].join(" ")}`;
  const flags = ["--rm", "--interactive", "--network", "none", "--user", "0", "--entrypoint", "sh"];
  try {
    const input = (await archiveOf(entries)).toString("base64");
    await run("docker", ["run", ...flags, resolved.reference, "-c", unpack], { input });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [refusal(`systems.${system}.${name}`, file, command, error)];
  }
  mkdirSync(join(known, ".."), { recursive: true });
  writeFileSync(known, "");
  return [];
}

function refusal(path: string, file: string, [program = ""]: readonly string[], { tail }: CommandError): Problem {
  const said = tail
    .map((line) => line.replace(/^Checking \S+/, "").trim())
    .filter((line) => line !== "" && !line.includes("SUCCESS"));
  return {
    path,
    given: `would not read ${file}`,
    remedy: `${program} says: ${said.join(" ")}`,
  };
}
