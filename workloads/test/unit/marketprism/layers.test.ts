import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../../src/config/environment.ts";
import { layered } from "../../../src/marketprism/layers.ts";

describe("layered configuration of MarketPrism", () => {
  let folder: string;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "layers-"));
    write("base.yaml", "http:\n  timeout_ms: 1\n  pool_limit: 1\nsymbols: A\nlog_level: info\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("goes from base over the environment and local to variables [S5-24]", () => {
    write("development.yaml", "http:\n  timeout_ms: 2\nsymbols: B\nlog_level: debug\n");
    write("production.yaml", "http:\n  timeout_ms: 9\n");
    write("local.yaml", "symbols: C\nlog_level: warn\n");
    const read = layered({ CONFIG_DIR: folder, ENVIRONMENT: "development", LOG_LEVEL: "error" });
    assert.deepEqual(
      [read["HTTP_POOL_LIMIT"], read["HTTP_TIMEOUT_MS"], read["SYMBOLS"], read["LOG_LEVEL"]],
      ["1", "2", "C", "error"],
    );
  });

  it("refuses local.yaml outside of development [S5-25]", () => {
    write("local.yaml", "symbols: C\n");
    for (const environment of ["production", "test"]) {
      assert.throws(
        () => layered({ CONFIG_DIR: folder, ENVIRONMENT: environment }),
        (error) => error instanceof ConfigError && /local\.yaml is for development alone/.test(error.message),
      );
    }
  });

  it("says which file is missing or wrong", () => {
    write("production.yaml", "http:\n  - 1\n");
    assert.throws(() => layered({ CONFIG_DIR: folder, ENVIRONMENT: "production" }), /production\.yaml: http/);
    rmSync(join(folder, "base.yaml"));
    assert.throws(() => layered({ CONFIG_DIR: folder, ENVIRONMENT: "development" }), /base\.yaml is missing/);
  });

  it("lets a variable of the process win over a file that a layer names, and the other way round", () => {
    write("production.yaml", "nats:\n  password: plain\n");
    const read = layered({ CONFIG_DIR: folder, ENVIRONMENT: "production", NATS_PASSWORD_FILE: "/run/secrets/x" });
    assert.equal(read["NATS_PASSWORD"], undefined);
    assert.equal(read["NATS_PASSWORD_FILE"], "/run/secrets/x");
  });

  it("takes variables alone where no folder is named", () => {
    assert.deepEqual(layered({ PORT: "1" }), { PORT: "1" });
  });
});
