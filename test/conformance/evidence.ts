import type { Feature, Target } from "../../components/index";

/** A behaviour that the suite looks at on a platform. */
export interface Behaviour {
  readonly feature: Feature;
  readonly title: string;
  /** Whether it must be there or must not, by the platform's table. */
  readonly expected: "present" | "absent";
}

/** What the suite states about a platform, and what of it a run has seen. */
export class Evidence {
  readonly platform: Target["id"];
  /** How often each behaviour is still to be seen: some are looked at several times. */
  readonly #missing = new Map<Behaviour, number>();

  constructor(platform: Target["id"]) {
    this.platform = platform;
  }

  get stated(): readonly Behaviour[] {
    return [...this.#missing.keys()];
  }

  get seen(): readonly Behaviour[] {
    return this.stated.filter((behaviour) => this.#missing.get(behaviour) === 0);
  }

  /** Takes note of a behaviour; the function that it gives is to be called once it was seen. */
  state(given: Behaviour): () => void {
    const same = ({ feature, title }: Behaviour): boolean => feature === given.feature && title === given.title;
    const behaviour = this.stated.find(same) ?? given;
    const add = (count: number): void => void this.#missing.set(behaviour, (this.#missing.get(behaviour) ?? 0) + count);
    add(1);
    return () => add(-1);
  }
}
