import { randomInt } from "node:crypto";
import { dockerPlatform } from "./docker/platform";
import { DeployedStack } from "./systems/deployed-stack";
import { itIsDeployed, itSettles } from "./systems/lifecycle";
import { marketPrismCases } from "./systems/marketprism";
import { itIsWatched } from "./systems/watched";

describe("marketprism on docker", function () {
  this.timeout(240_000);
  const stack = new DeployedStack(dockerPlatform, {
    systems: ["marketprism"],
    hostPortBase: { marketprism: 24_000 + 100 * randomInt(30) },
    subnets: "10.225.0.0/16",
    marketPrism: { environment: "development" },
  });
  const deployed = stack.system("marketprism");

  itIsDeployed(stack);
  marketPrismCases(deployed);
  itIsWatched(deployed);
  itSettles(stack);
});
