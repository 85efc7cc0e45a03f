import type { ServiceSpec } from "../../components/core/spec";

/** Differs from the default in every field. */
export const everySecurityField: ServiceSpec["security"] = {
  user: 0,
  group: 7,
  supplementalGroups: [20, 4],
  readOnlyRoot: false,
  addCapabilities: ["NET_BIND_SERVICE", "CHOWN"],
  noNewPrivileges: false,
  appArmor: "shop-api",
  because: "shows every field",
};
