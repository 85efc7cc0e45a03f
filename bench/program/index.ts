import { defineSystem, System } from "../../components";
import { docker } from "../../components/targets/docker/docker";
import { benchSettings } from "../settings";
import { describe } from "../system";

// What `make bench` deploys; it sets everything in the environment.
const { prefix, isolation, value, references } = benchSettings(process.env);
const definition = defineSystem("bench", (system) => describe(system, value, references));
export const endpoints = new System("bench", definition, { target: docker({ prefix, isolation }) }).endpoints;
