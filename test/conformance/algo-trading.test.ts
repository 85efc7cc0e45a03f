import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { itIsDeployed, itSettles, itTrades, watchedEverywhere } from "./algo-trading/cases";
import { Deployed } from "./algo-trading/deployed";
import { dockerPlatform } from "./docker/platform";

const hostPortBase = 20_000 + 100 * randomInt(30);

describe("algo-trading on docker", function () {
  this.timeout(240_000);
  const deployed = new Deployed({
    platform: dockerPlatform,
    livePrefix: (namePrefix) => `${namePrefix}-algo-trading`,
    settings: {
      "hostPortBase.algo-trading": String(hostPortBase),
      subnets: "10.224.0.0/16",
      "algoTrading.development": "true",
    },
  });

  itIsDeployed(deployed);

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

  itTrades(deployed, {
    jobs: { ...watchedEverywhere.jobs, cadvisor: "15s", node: "15s" },
    alerts: [...watchedEverywhere.alerts, "HighMemoryUsage"],
  });
  itSettles(deployed);
});
