export { startStation, type Station, type StationOptions } from './compose.js';
export { pastHourMs, simulatePast, type PastOrder } from './demo/past.js';
export { closeRecording, endOfRecording, untilWritten } from './replay/finish.js';
