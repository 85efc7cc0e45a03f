import { pause } from "./retry.ts";

/** The two questions that a lock asks of its store. */
export interface LockStore {
  /** Takes the lock for `ttlMs` if it is free or already the owner's; tells whether the owner has it now. */
  hold(key: string, owner: string, ttlMs: number): Promise<boolean>;
  /** Gives the lock up if it is the owner's. */
  release(key: string, owner: string): Promise<void>;
}

export interface LeaderLockOptions {
  readonly key: string;
  readonly owner: string;
  /** How long the lock outlives an owner that fell silent. It is renewed three times in that time. */
  readonly ttlMs: number;
  readonly signal: AbortSignal;
  /** A clock that never goes back, in milliseconds. */
  readonly now?: () => number;
}

export interface LeaderLock {
  /** Whether the owner may act now. It turns false by the owner's own clock before anybody else can get the lock. */
  isLeader(): boolean;
  /** Keeps trying to get and to hold the lock until the signal, then gives it up. */
  run(): Promise<void>;
}

export function createLeaderLock(store: LockStore, options: LeaderLockOptions): LeaderLock {
  const { key, owner, ttlMs, signal, now = () => performance.now() } = options;
  let heldUntil = Number.NEGATIVE_INFINITY;

  const isLeader = (): boolean => now() < heldUntil;

  return {
    isLeader,
    async run() {
      while (!signal.aborted) {
        // Counted from before the question: the store's time runs from when it heard it, so never shorter than ours.
        const asked = now();
        const held = await store.hold(key, owner, ttlMs).catch(() => undefined);
        // A store that is silent has not taken the lock away; what it granted last runs out by itself.
        if (held !== undefined) {
          heldUntil = held ? asked + ttlMs : Number.NEGATIVE_INFINITY;
        }
        await pause(ttlMs / 3, signal);
      }
      if (isLeader()) {
        heldUntil = Number.NEGATIVE_INFINITY;
        await store.release(key, owner).catch(() => undefined);
      }
    },
  };
}

/** For a bot that is alone: it always leads. */
export const alwaysLeader: LeaderLock = { isLeader: () => true, run: () => Promise.resolve() };
