import { describe, expect, it } from 'vitest';
import { LiveReel } from '../src/scenario/live-reel.js';
import { Reel } from '../src/scenario/reel.js';

const never = new AbortController().signal;

async function all<T>(instants: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const instant of instants) seen.push(instant);
  return seen;
}

describe('a reel', () => {
  it('shows every camera the same instants, and takes each step once', async () => {
    let steps = 0;
    const reel = new Reel(() => steps++, 20, 3);
    const seen = await Promise.all([0, 1, 2].map((camera) => all(reel.instants(camera, never))));
    expect(seen).toEqual(Array(3).fill(Array.from({ length: 20 }, (_, i) => i)));
    expect(steps).toBe(20);
  });

  it('lets no camera run ahead of a slow one by more than four instants', async () => {
    let steps = 0;
    const reel = new Reel(() => steps++, 20, 2);
    const fast = all(reel.instants(0, never));
    const slow = reel.instants(1, never);
    await slow.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(steps).toBe(4);
    await slow.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(steps).toBe(5);
    await slow.return(undefined);
    expect(await fast).toHaveLength(20);
  });

  it('ends where it is stopped, also for a camera that waits', async () => {
    const abort = new AbortController();
    const reel = new Reel(() => 0, 20, 2);
    const waiting = all(reel.instants(0, abort.signal));
    await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();
    expect(await waiting).toHaveLength(4);
  });
});

describe('a live reel', () => {
  it('gives a slow camera the newest instant, and never one twice', async () => {
    const abort = new AbortController();
    const reel = new LiveReel<number>();
    const instants = reel.instants(abort.signal);
    reel.show(1);
    reel.show(2);
    expect((await instants.next()).value).toBe(2);
    const next = instants.next();
    reel.show(3);
    expect((await next).value).toBe(3);
    const last = instants.next();
    abort.abort();
    expect((await last).done).toBe(true);
  });

  it('passes over as many instants as it is told to', async () => {
    const reel = new LiveReel<number>();
    const instants = reel.instants(never, 3);
    reel.show(0);
    expect((await instants.next()).value).toBe(0);
    const next = instants.next();
    for (const instant of [1, 2, 3]) reel.show(instant);
    expect((await next).value).toBe(3);
  });
});
