/** The publisher on the real embedded parts, of which there is one set: they take seconds to start. */
import { afterAll, beforeAll } from 'vitest';
import { openDesk, type PublisherDesk } from './desk.js';
import { noiseSuite } from './noise-suite.js';
import { releasesSuite } from './releases-suite.js';
import { serviceSuite } from './service-suite.js';

let desk: PublisherDesk;
beforeAll(async () => {
  desk = await openDesk('publisher');
}, 120_000);
afterAll(() => desk.stop());

// First, for it releases whatever is due of any site.
serviceSuite(() => desk);
releasesSuite(() => desk);
noiseSuite(() => desk);
