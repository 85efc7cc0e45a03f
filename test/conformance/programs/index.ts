import * as pulumi from "@pulumi/pulumi";
import { System, type Target } from "../../../components/index";
import { docker } from "../../../components/targets/docker/docker";
import { kubernetes } from "../../../components/targets/kubernetes/kubernetes";
import { ownCluster } from "../../../systems/cluster";
import { definitions } from "./bench";
import { readSettings, type Settings } from "./settings";

const settings = readSettings();
const config = new pulumi.Config();

function target({ platform, system, prefix, addresses, variant, kubernetes: others }: Settings): Target {
  switch (platform) {
    case "docker":
      return docker({ prefix, subnets: addresses });
    case "kubernetes":
      return kubernetes({
        ...ownCluster,
        namespace: `${prefix}-${system}`,
        gateImage: variant.image,
        ingress: { domain: "twofold.test" },
        ...others,
      });
  }
}

const system = new System(settings.system, definitions[settings.system](settings.variant), {
  target: target(settings),
  configSecrets: (key) => config.getSecret(key),
});

export const endpoints = system.endpoints;
