import { exposedIn } from "../facts/envelopes";
import { itemsAt, known, textAt, textEntriesAt } from "../facts/plain";
import { isSecretValue, secretsInFile } from "../facts/secrets";
import type { Thing } from "../facts/stack";
import { both, kubernetes, listed, type Rule, when } from "./rule";

const byForm =
  "values that neither their name nor their form gives away; whether Pulumi holds a value as a secret, which a policy is not told";

/** Where secrets are, and where they must not be. */
export const secretRules: readonly Rule[] = [
  {
    of: "container",
    id: "no-plain-secret-env",
    title: "No variable has a secret in plain text",
    severity: "critical",
    targets: both,
    why: "docker inspect and kubectl get show it to everybody who may look, and so does a crash report.",
    remedy: "Mount it as a file, and name the file in the variable.",
    example: "DATABASE_PASSWORD_FILE=/run/secrets/database-password",
    references: { kubeLinter: ["env-var-secret"], polaris: ["sensitiveContainerEnvVar"] },
    blind: byForm,
    check: ({ env }) => {
      const plain = env.flatMap(({ name, value }) =>
        known(value).flatMap((text) => when(isSecretValue(name, text), name)),
      );
      return when(plain.length > 0, `has a secret in plain text in ${listed(plain)}`);
    },
  },
  {
    of: "container",
    id: "no-secret-arguments",
    title: "No command line has a secret in it",
    severity: "high",
    targets: both,
    why: "Everybody on the machine who lists processes reads it.",
    remedy: "Let the program read it from a file.",
    example: "--password-file=/run/secrets/password",
    references: {},
    blind: byForm,
    check: ({ commandLine }) => {
      const plain = commandLine.flatMap((word) => {
        const [, option = "", value = ""] = /^--?([\w.-]+)=(.*)$/.exec(word) ?? [];
        return when(isSecretValue(option, option === "" ? word : value), option === "" ? "an argument" : `--${option}`);
      });
      return when(plain.length > 0, `has a secret in plain text in ${listed(plain)}`);
    },
  },
  {
    of: "container",
    id: "secrets-as-files",
    title: "Secrets come as files, not as variables",
    severity: "medium",
    targets: kubernetes,
    why: "A variable is handed on to every child process, stays when the secret changes, and ends up in reports.",
    remedy: "Mount the Secret as a volume.",
    example: "volumes: [{ name: secrets, secret: { secretName: api } }]",
    references: { kubeLinter: ["read-secret-from-env-var"], checkov: ["CKV_K8S_35"] },
    blind: "on Docker a variable does not say where its value comes from",
    check: ({ env }) => {
      const names = env.filter(({ fromSecret }) => fromSecret).map(({ name }) => name);
      return when(names.length > 0, `has a secret in the variable ${listed(names)}`);
    },
  },
  {
    of: "object",
    id: "no-secret-in-configmap",
    title: "No configuration file has a secret in plain text",
    severity: "critical",
    targets: both,
    kinds: ["ConfigMap", "Container"],
    why: "ConfigMaps and uploaded contents are kept and shown in plain text.",
    remedy: "Put the value, or the whole file, into a Secret; on Docker into a secret value of the program.",
    example: "password_file: /run/secrets/password",
    references: {
      polaris: ["sensitiveConfigmapContent"],
      trivy: ["KSV-0109", "KSV-01010"],
    },
    blind: byForm,
    check: (thing) => filesOf(thing).flatMap(([name, text]) => findingsIn(name, text)),
  },
  {
    of: "stack",
    id: "secret-stays-secret",
    title: "A secret is encrypted in the state, and passed on only as a Secret or a file",
    severity: "critical",
    targets: both,
    why: "The state is read by everybody who deploys, and a variable by everybody who may look at the engine or the cluster.",
    remedy: "Mark the value with pulumi.secret, and give it to a Secret or to an uploaded file.",
    example: "stringData: { password: pulumi.secret(password) }",
    references: {},
    readsState: true,
    blind: "what changes in this run: a policy is not told which values are secret, so the last state is judged",
    check: ({ stack }) =>
      (stack.before ?? []).flatMap((resource) => exposedIn(resource).map((message) => ({ on: resource, message }))),
  },
];

/** Text files that are held in plain text. What Docker gets in Base64 is what a program had marked as secret. */
function filesOf({ kind, plain }: Thing): readonly [string, string][] {
  if (kind === "ConfigMap") return textEntriesAt(plain, "data");
  return itemsAt(plain, "uploads").flatMap((upload) => {
    const [file = "a file"] = known(textAt(upload, "file"));
    return known(textAt(upload, "content")).map((content): [string, string] => [file, content]);
  });
}

function findingsIn(name: string, text: string): readonly string[] {
  const isValue = !text.includes("\n") && !name.includes("/") && isSecretValue(name, text);
  const found = isValue ? ["it"] : secretsInFile(text);
  return when(found.length > 0, `${name} has a secret in plain text: ${listed(found)}`);
}
