import { defineSystem, System } from "../../components";
import { docker } from "../../components/targets/docker/docker";
import { kubernetes } from "../../components/targets/kubernetes/kubernetes";
import { benchSettings } from "../settings";
import { describe, renderingOptions } from "../system";

// What `make bench` deploys; it sets everything in the environment.
const { prefix, isolation, cluster, value, references } = benchSettings(process.env);
const definition = defineSystem("bench", (system) => describe(system, value, references));
const target =
  cluster === undefined
    ? docker({ prefix, isolation })
    : kubernetes({ ...renderingOptions(prefix, references), ...cluster });
export const endpoints = new System("bench", definition, { target }).endpoints;
