import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { BrokenCircuitError } from "cockatiel";
import { createBreaker } from "../../../src/marketprism/breaker.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { serviceVariables } from "../../../src/marketprism/variables.ts";

describe("circuit breaker of MarketPrism", () => {
  const fail = () => Promise.reject(new Error("away"));

  it("opens after five failures in a row and closes after a try that works [S5-31]", async () => {
    const states: number[] = [];
    const breaker = createBreaker({ failures: 5, recoveryMs: 30, onState: (state) => states.push(state) });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await assert.rejects(breaker.run(fail), /away/);
    }
    let wasAsked = false;
    const ask = async () => {
      wasAsked = true;
    };
    await assert.rejects(breaker.run(ask), BrokenCircuitError);
    assert.equal(wasAsked, false);
    await delay(40);
    await breaker.run(ask);
    assert.equal(wasAsked, true);
    assert.deepEqual(states, [0, 1, 0.5, 0]);
  });

  it("counts only failures in a row", async () => {
    const states: number[] = [];
    const breaker = createBreaker({ failures: 3, recoveryMs: 30, onState: (state) => states.push(state) });
    for (let round = 0; round < 3; round += 1) {
      await assert.rejects(breaker.run(fail), /away/);
      await assert.rejects(breaker.run(fail), /away/);
      await breaker.run(async () => undefined);
    }
    assert.deepEqual(states, [0]);
  });

  it("has five failures and 60 s, and requests have 30 s and 100 connections, unless variables say otherwise [S5-30]", () => {
    const { config } = loadConfig(serviceVariables, { SERVICE_NAME: "x", HTTP_POOL_LIMIT: "7" });
    assert.equal(config?.BREAKER_FAILURES, 5);
    assert.equal(config?.BREAKER_RECOVERY_MS, 60_000);
    assert.equal(config?.HTTP_TIMEOUT_MS, 30_000);
    assert.equal(config?.HTTP_POOL_LIMIT, 7);
  });
});
