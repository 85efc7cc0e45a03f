import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { goDuration } from "../../components/targets/docker/health";
import { dockerContainerOf, dockerServiceOf } from "../support/plans";

const ports = { http: { number: 8080 } };
const timing = { periodSeconds: 60, timeoutSeconds: 5, failures: 4 };

describe("health checks on Docker", () => {
  it("write durations as Go prints them", () => {
    assert.deepEqual([0, 1, 59, 60, 61, 90, 3600, 3661].map(goDuration), [
      ...["0s", "1s", "59s", "1m0s", "1m1s", "1m30s", "1h0m0s", "1h1m1s"],
    ]);
  });

  it("lose nothing of a duration", () => {
    fc.assert(
      fc.property(fc.nat(86_400), (seconds) => {
        const [, hours = "0", minutes = "0", rest = "0"] =
          /^(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(goDuration(seconds)) ?? [];
        assert.equal(Number(hours) * 3600 + Number(minutes) * 60 + Number(rest), seconds);
      }),
    );
  });

  it("switch off the image's own check where the service has no probe", () => {
    assert.deepEqual(dockerContainerOf({}).args.healthcheck, { tests: ["NONE"] });
  });

  it("run a command as it is, with the probe's timing", () => {
    const probes = { ready: { exec: ["pg_isready", "-U", "shop"], ...timing }, startupSeconds: 120 };
    assert.deepEqual(dockerContainerOf({ probes }).args.healthcheck, {
      tests: ["CMD", "pg_isready", "-U", "shop"],
      interval: "1m0s",
      timeout: "5s",
      startPeriod: "2m0s",
      retries: 4,
    });
  });

  it("look for a listening socket where a TCP port is asked for", () => {
    const { healthcheck } = dockerContainerOf({ ports, probes: { ready: { tcp: { port: "http" } } } }).args;
    assert.deepEqual(healthcheck.tests, [
      ...["CMD", "grep", "-qsE", "^ *[0-9]+: [0-9A-F]+:1F90 [0-9A-F]+:0000 0A ", "/proc/net/tcp", "/proc/net/tcp6"],
    ]);
  });

  it("find such a socket in the kernel's table, and no connection or other port", () => {
    const pattern = dockerContainerOf({ ports, probes: { ready: { tcp: { port: "http" } } } }).args.healthcheck
      .tests[3];
    const line = (address: string, state: string): string =>
      `   0: ${address} 00000000:0000 ${state} 00000000:00000000`;
    const listens = new RegExp(pattern ?? "");
    assert.match(line("0100007F:1F90", "0A"), listens);
    assert.match(line("00000000000000000000000000000000:1F90", "0A"), listens);
    assert.doesNotMatch(line("0100007F:1F90", "01"), listens);
    assert.doesNotMatch(line("0100007F:1F91", "0A"), listens);
  });

  it("ask over HTTP with the client that the image has, and quote the path for the shell", () => {
    const { tests } = dockerContainerOf({ ports, probes: { ready: { http: { port: "http", path: "/it's" } } } }).args
      .healthcheck;
    const [kind, script = ""] = tests;
    assert.equal(kind, "CMD-SHELL");
    assert.deepEqual(
      [...script.matchAll(/command -v (\w+)/g)].map(([, client]) => client),
      ["wget", "curl", "bash", "node"],
    );
    assert.equal(script.split(`'http://127.0.0.1:8080/it'\\''s'`).length, 4);
    assert.match(script, /exit 1$/);
  });

  for (const client of ["bash", "node", "nothing"])
    it(`see by ${client} whether an answer is a good one`, async () => {
      const server = createServer(({ url }, response) => response.writeHead(url === "/it's" ? 204 : 503).end());
      await once(server.listen(0, "127.0.0.1"), "listening");
      const folder = mkdtempSync(join(tmpdir(), "twofold-"));
      try {
        const { port } = server.address() as AddressInfo;
        const programs = { bash: "/bin/bash", node: process.execPath }[client];
        if (programs !== undefined) symlinkSync(programs, join(folder, client));
        const judged = async (path: string): Promise<boolean> => {
          const { tests } = dockerContainerOf({
            ports: { http: { number: port } },
            probes: { ready: { http: { port: "http", path } } },
          }).args.healthcheck;
          const child = spawn("/bin/sh", ["-c", tests[1] ?? ""], { env: { PATH: folder }, stdio: "ignore" });
          return ((await once(child, "close")) as [number])[0] === 0;
        };
        assert.deepEqual([await judged("/it's"), await judged("/other")], [programs !== undefined, false]);
      } finally {
        server.close();
        rmSync(folder, { recursive: true });
      }
    });

  it("take readiness before liveness before start-up", () => {
    const probe = (name: string) => ({ exec: [name] });
    const testOf = (probes: object): string | undefined => dockerContainerOf({ probes }).args.healthcheck.tests[1];
    assert.equal(testOf({ ready: probe("r"), live: probe("l"), startup: probe("s") }), "r");
    assert.equal(testOf({ live: probe("l"), startup: probe("s") }), "l");
    assert.equal(testOf({ startup: probe("s") }), "s");
  });
});

describe("what Docker waits for", () => {
  it("is health for as long as the engine may need for its verdict, and a little longer", () => {
    const { goal } = dockerServiceOf({ probes: { ready: { exec: ["true"], ...timing }, startupSeconds: 120 } });
    assert.deepEqual(goal, { until: "healthy", withinSeconds: 120 + 5 * 65 + 15, pids: 256 });
  });

  it("is running without a probe, and completion for a job", () => {
    assert.deepEqual(dockerServiceOf({ resources: { pids: 7 } }).goal, {
      until: "running",
      withinSeconds: 30,
      pids: 7,
    });
    assert.deepEqual(dockerServiceOf({ kind: "job" }).goal, { until: "completed", withinSeconds: 3600, pids: 256 });
  });
});
