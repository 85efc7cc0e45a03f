import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { algoTradingCases } from "./algo-trading/cases";
import { dockerPlatform } from "./docker/platform";
import { DeployedStack } from "./systems/deployed-stack";
import { itIsDeployed, itSettles } from "./systems/lifecycle";
import { itIsWatched } from "./systems/watched";

describe("algo-trading on docker", function () {
  this.timeout(240_000);
  const stack = new DeployedStack(dockerPlatform, {
    systems: ["algo-trading"],
    hostPortBase: { "algo-trading": 20_000 + 100 * randomInt(30) },
    subnets: "10.224.0.0/16",
    algoTrading: { development: true },
  });
  const deployed = stack.system("algo-trading");

  itIsDeployed(stack);

  it("answers where it says, on this machine only", async () => {
    const addresses = await deployed.addresses();
    for (const [service, path] of Object.entries({
      "adminer/http": "/",
      "alertmanager/http": "/-/ready",
      "prometheus/http": "/-/ready",
      "redis-commander/http": "/",
      "trading-bot/http": "/health",
    })) {
      const base = addresses[service];
      assert.ok(base !== undefined, `${service} has no address`);
      const response = await fetch(`${base}${path}`, { signal: AbortSignal.timeout(5000) });
      assert.ok(response.ok, `${service}${path}: ${response.status}`);
    }
    for (const address of Object.values(addresses)) assert.match(address, /^(http:\/\/)?127\.0\.0\.1:[23]\d{4}$/);
  });

  algoTradingCases(deployed);
  itIsWatched(deployed);
  itSettles(stack);
});
