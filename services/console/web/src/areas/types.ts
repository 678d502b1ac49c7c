import type { z } from 'zod';
import type { dwell } from '../../../src/contract/index.js';

export type { AreaPoint, AreaSeries, LineSeries, Usual } from '../../../src/contract/index.js';
export type Dwell = z.output<typeof dwell>;
