export type { Doorway, Position, SimulationOptions } from './options.js';
export { Random } from './random.js';
export { simulate, type SimulatedPerson, type Simulation } from './simulation.js';
