import { kubernetesPlatform } from "./kubernetes/platform";
import { conformance } from "./suite";

conformance(kubernetesPlatform);
