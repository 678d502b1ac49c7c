export { startStation, type Station, type StationOptions } from './compose.js';
export { closeRecording, endOfRecording, untilWritten } from './replay/finish.js';
