import type { RuleCases, Series } from "./case";

const own = '{system="shop", service="api", instance="1"}';
const answering: Series = { [`up${own}`]: 1 };

/** Series for the rules that every service has; `absent` is true of a service of which there is nothing at all. */
export const serviceCases: RuleCases = {
  ServiceDown: { fires: { [`up${own}`]: 0 }, silent: answering },
  ServiceRestarting: {
    fires: { ...answering, [`process_start_time_seconds${own}`]: "+60" },
    silent: { ...answering, [`process_start_time_seconds${own}`]: 60 },
  },
  ServiceMemoryHigh: {
    fires: { ...answering, [`process_resident_memory_bytes${own}`]: 250 * 1024 * 1024 },
    silent: { ...answering, [`process_resident_memory_bytes${own}`]: 200 * 1024 * 1024 },
  },
  ServiceCPUHigh: {
    fires: { ...answering, [`process_cpu_seconds_total${own}`]: "+29" },
    silent: { ...answering, [`process_cpu_seconds_total${own}`]: "+20" },
  },
};
