import { dockerPlatform } from "./docker/platform";
import { conformance } from "./suite";

conformance(dockerPlatform);
