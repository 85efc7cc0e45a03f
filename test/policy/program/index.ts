import * as docker from "@pulumi/docker";

const network = new docker.Network("shop", { name: "shop" });

// what holds data, under a name that a test chooses
const volume = process.env["TEST_VOLUME"];
if (volume !== undefined) new docker.Volume("orders", { name: volume });

new docker.Container("api", {
  name: "api",
  privileged: true,
  // without a limit of memory
  image: "shop/api:1.4.2",
  user: "70:10001",
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges"],
  cpus: "0.5",
  ulimits: [{ name: "nproc", soft: 64, hard: 64 }],
  healthcheck: { tests: ["CMD", "true"] },
  restart: "unless-stopped",
  stopTimeout: 10,
  destroyGraceSeconds: 10,
  logDriver: "json-file",
  logOpts: { "max-file": "3", "max-size": "10m" },
  networksAdvanced: [{ name: network.name }],
  ports: [{ internal: 8080, external: 18_080, ip: "127.0.0.1" }],
  labels: [
    { label: "com.docker.compose.project", value: "shop" },
    { label: "com.docker.compose.service", value: "api" },
  ],
});
