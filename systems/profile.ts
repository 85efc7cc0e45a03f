/** How much the services of a stack ask of their machines: `small` lets a system fit two cores, `full` is production's. */
export const profiles = ["small", "full"] as const;

export type Profile = (typeof profiles)[number];
