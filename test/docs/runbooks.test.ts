import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runbookOf } from "../../components/monitoring/runbooks";
import { alertsOfEverything } from "../support/alerts";

const root = join(__dirname, "../..");
const pages = "docs/runbooks";

/** Pages that alerts of other names share. */
const shared = ["ErrorBudgetBurn"];

describe("docs/runbooks", () => {
  const alerts = alertsOfEverything();

  it("has a page for every alert of the systems and of the platform", () => {
    const without = alerts.filter(({ runbook }) => runbook === undefined || !existsSync(join(root, runbook)));
    assert.deepEqual([...new Set(without.map(({ name }) => name))], []);
  });

  it("has no page without an alert", () => {
    const told = new Set(alerts.map(({ runbook }) => runbook));
    // The catalogue has some that no system uses by default.
    const sources = ["components", "systems"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFileSync(join(root, folder, file), "utf8")),
    );
    const names = readdirSync(join(root, pages)).map((file) => file.replace(/\.md$/, ""));
    const unused = names.filter(
      (name) => !told.has(runbookOf(name)) && !sources.some((source) => source.includes(`"${name}"`)),
    );
    assert.deepEqual(unused, shared);
  });

  it("says on each page what is meant, what comes of it, how to look and what to do", () => {
    for (const file of readdirSync(join(root, pages))) {
      const text = readFileSync(join(root, pages, file), "utf8");
      assert.ok(text.startsWith(`# ${file.replace(/\.md$/, "")}\n`), file);
      const sections = text.split(/^## /m).slice(1);
      const named = sections.map((section) => section.split("\n", 1)[0]);
      assert.deepEqual(named, ["Meaning", "Impact", "Diagnosis", "Mitigation"], file);
      for (const section of sections) assert.ok(section.split("\n").slice(1).join("").trim().length > 5, file);
    }
  });
});
