import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly concurrency?: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = ".github/workflows";
const workflows = readdirSync(folder).map((file) => {
  const text = readFileSync(join(folder, file), "utf8");
  return { file, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job })),
);
const texts = [...workflows.map(({ text }) => text), readFileSync(".github/actions/tools/action.yml", "utf8")];

describe("the workflows", () => {
  it("take actions of others by commit, with the version beside it, and each by one", () => {
    const lines = texts.flatMap((text) => [...text.matchAll(/uses: (?!\.\/)(.*)/g)].map(([, used = ""]) => used));
    for (const line of lines) assert.match(line, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const pins = new Map(lines.map((line) => [line.split("@")[0], line]));
    assert.deepEqual(new Set(lines), new Set(pins.values()));
  });

  it("do nothing but what a target of make does here, too [S1-54]", () => {
    const runs = jobs.flatMap(({ job }) => job.steps ?? []).flatMap(({ run = [] }) => run);
    assert.ok(runs.length > 10);
    const targets = new Set([...readFileSync("Makefile", "utf8").matchAll(/^([a-z-]+):/gm)].map(([, name]) => name));
    for (const run of runs) assert.ok(targets.has(run.split(" ")[1]), `there is no target for: ${run}`);
    for (const run of runs) assert.match(run, /^make [a-z-]+( [A-Z]+=("[a-z ]*"|--[a-z]+))*$/);
  });

  it("give each job the permissions that it needs, and none of them a credential in its checkout", () => {
    for (const { workflow } of workflows) assert.deepEqual(workflow.permissions, {});
    const written = jobs.flatMap(({ name, job }) =>
      Object.entries(job.permissions ?? {}).flatMap(([scope, access]) =>
        access === "read" ? [] : `${name}: ${scope}`,
      ),
    );
    assert.deepEqual(written.sort(), [
      "images.yml images: packages",
      "main.yml images: packages",
      "preview-comment.yml comment: pull-requests",
      "release.yml images: packages",
    ]);
    for (const { name, job } of jobs) {
      assert.ok(job.permissions !== undefined, name);
      for (const { uses = "", with: given } of job.steps ?? [])
        if (uses.startsWith("actions/checkout@")) assert.equal(given?.["persist-credentials"], false, name);
    }
  });

  it("end by themselves, and do not run twice at once", () => {
    for (const { name, job } of jobs) if (job.uses === undefined) assert.ok((job["timeout-minutes"] ?? 0) > 0, name);
    for (const { file, workflow } of workflows) {
      const isPart = Object.keys(workflow.on).join() === "workflow_call";
      assert.equal(workflow.concurrency === undefined, isPart, file);
    }
  });

  it("have secrets in no job without an environment, and so in none that a fork's pull request gets", () => {
    const withSecrets = jobs.filter(({ job }) => JSON.stringify(job).includes("secrets."));
    assert.deepEqual(withSecrets.map(({ name, job }) => `${name}: ${job.environment ?? "none"}`).sort(), [
      "main.yml staging: staging",
      "nightly.yml drift: drift",
      "pull-request.yml preview: preview",
      "release.yml production: production",
    ]);
    assert.doesNotMatch(texts.join(), /pull_request_target|secrets: inherit/);
  });

  it("run nothing of a pull request where its report is posted", () => {
    const comment = workflows.find(({ file }) => file === "preview-comment.yml");
    const steps = comment?.workflow.jobs["comment"]?.steps ?? [];
    const checkouts = steps.filter(({ uses = "" }) => uses.startsWith("actions/checkout@"));
    assert.equal(checkouts.length, 1);
    assert.match(String(checkouts[0]?.with?.["ref"]), /^\$\{\{ github\.event\.repository\.default_branch \}\}$/);
    assert.doesNotMatch(comment?.text ?? "", /actions\/cache|\.\/\.github\/actions/);
  });

  it("restore no cache where a release is made", () => {
    const release = workflows.find(({ file }) => file === "release.yml");
    assert.doesNotMatch(release?.text ?? "", /actions\/cache|\.\/\.github\/actions/);
  });
});
