import { randomUUID } from 'node:crypto';
import { isGone, thisProcess } from '@hitonami/process';
import type { ProcessIdentity } from '@hitonami/process';
import type { Store } from './store.js';

/** A holder that has not renewed for this long may be replaced, ms. One whose process is gone is replaced at once. */
export const LEASE_MS = 10_000;

interface LeaseEntry extends ProcessIdentity {
  readonly owner: string;
  readonly expiresMs: number;
}

/** The right to be a group's one live member. */
export class GroupLease {
  readonly #store: Store;
  readonly #key: string;
  readonly #owner = randomUUID();
  readonly #me = thisProcess();
  readonly #leaseMs: number;

  /** @param group the full name of the group */
  constructor(store: Store, group: string, leaseMs: number) {
    this.#store = store;
    this.#key = `lease ${group}`;
    this.#leaseMs = leaseMs;
  }

  /** Looks first, and writes only where the lease is free. */
  async tryTake(): Promise<boolean> {
    this.#store.refresh();
    if (!this.#isFree()) return false;
    return this.#store.write(() => {
      if (!this.#isFree()) return false;
      this.#put();
      return true;
    });
  }

  /** Whether this member holds it, as the store says now: others may have taken it while this process slept. */
  isHeld(): boolean {
    return this.#entry()?.owner === this.#owner;
  }

  /** Does nothing where the lease was lost. */
  async renew(): Promise<void> {
    await this.#store.write(() => {
      if (this.isHeld()) this.#put();
    });
  }

  async release(): Promise<void> {
    await this.#store.write(() => {
      if (this.isHeld()) void this.#store.groups.remove(this.#key);
    });
    this.#store.wakeups.wake();
  }

  #isFree(): boolean {
    const entry = this.#entry();
    if (entry === undefined || entry.owner === this.#owner) return true;
    return entry.expiresMs < Date.now() || isGone(entry, this.#me);
  }

  #entry(): LeaseEntry | undefined {
    return this.#store.groups.get(this.#key) as LeaseEntry | undefined;
  }

  #put(): void {
    const entry: LeaseEntry = {
      ...this.#me,
      owner: this.#owner,
      expiresMs: Date.now() + this.#leaseMs,
    };
    void this.#store.groups.put(this.#key, entry);
  }
}
