export { aggregatorSchema, type AggregatorConfig } from './config.js';
export { AGGREGATOR_GROUP } from './consumer.js';
export { aggregatorService } from './service.js';
