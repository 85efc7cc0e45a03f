import * as pulumi from "@pulumi/pulumi";
import { System, type Target } from "../../../components/index";
import { docker } from "../../../components/targets/docker/docker";
import { definitions } from "./bench";
import { readSettings, type Settings } from "./settings";

const settings = readSettings();
const config = new pulumi.Config();

function target({ platform, prefix, addresses }: Settings): Target {
  switch (platform) {
    case "docker":
      return docker({ prefix, subnets: addresses });
  }
}

const system = new System(settings.system, definitions[settings.system](settings.variant), {
  target: target(settings),
  configSecrets: (key) => config.getSecret(key),
});

export const endpoints = system.endpoints;
