export { startStation, type Station, type StationOptions } from './compose.js';
