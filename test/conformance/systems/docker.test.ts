import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { perSystem, systemNames } from "../../../systems/places";
import { dockerPlatform } from "../docker/platform";
import { catalogue } from "./catalogue";
import type { DeployedStack } from "./deployed-stack";
import { marketPrismFaults } from "./marketprism-faults";

const shift = 100 * randomInt(5);

catalogue(
  dockerPlatform,
  {
    hostPortBase: perSystem((place) => 20_000 + 2_000 * place + shift),
    subnets: "10.224.0.0/16",
    algoTrading: { development: true },
    marketPrism: { environment: "development" },
    tradeMaster: { environment: "development" },
  },
  systemNames,
  (stack) => {
    describe("for somebody at the machine", () => itAnswersHere(stack));
    describe("marketprism, when containers are killed", () => marketPrismFaults(stack.system("marketprism")));
  },
);

/** What a browser at the machine is shown, by the port that shows it. */
const pages = {
  "algo-trading": {
    "adminer/http": "/",
    "alertmanager/http": "/-/ready",
    "prometheus/http": "/-/ready",
    "redis-commander/http": "/",
    "trading-bot/http": "/health",
  },
} as const;

function itAnswersHere(stack: DeployedStack): void {
  it("answers where it says, on this machine only", async () => {
    for (const system of stack.systems.values())
      for (const [port, address] of Object.entries(await system.addresses()))
        assert.match(address, /^(https?:\/\/)?127\.0\.0\.1:\d{5}$/, port);
    const algoTrading = stack.system("algo-trading");
    for (const [port, path] of Object.entries(pages["algo-trading"])) {
      const response = await fetch(`${await algoTrading.address(port)}${path}`, { signal: AbortSignal.timeout(5000) });
      assert.ok(response.ok, `${port}${path}: ${response.status}`);
    }
  });
}
