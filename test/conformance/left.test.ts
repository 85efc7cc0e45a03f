import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { dockerPlatform } from "./docker/platform";
import { removeLeft, writeDown } from "./harness/removal";

describe("what a run of the suite has deployed", function () {
  this.timeout(30_000);
  const docker = new Docker();
  const records = mkdtempSync(join(tmpdir(), "twofold-records-"));
  const platform = { ...dockerPlatform, records };
  const prefixes: string[] = [];
  after(async () => {
    for (const prefix of prefixes) await platform.live(prefix).sweep();
    rmSync(records, { recursive: true });
  });

  /** Deploys a network as if a process of that number had. */
  const deployedBy = async (pid: number): Promise<string> => {
    const prefix = `twofold-test-${randomBytes(4).toString("hex")}`;
    prefixes.push(prefix);
    writeDown(platform, prefix, pid);
    await docker.createNetwork({ Name: `${prefix}-left`, Internal: true });
    return prefix;
  };

  it("is removed by the next one when it was killed, and left alone while it runs", async () => {
    const { pid: ended } = spawnSync("true");
    const killed = await deployedBy(ended);
    const running = await deployedBy(process.pid);
    await removeLeft(platform);
    assert.deepEqual(await platform.live(killed).objects(), []);
    assert.notDeepEqual(await platform.live(running).objects(), []);
    assert.deepEqual(readdirSync(records), [`${process.pid} ${running}`]);
  });
});
