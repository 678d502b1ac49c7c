export {
  PseudonymBook,
  type Naming,
  type Pseudonym,
  type PseudonymOptions,
  type RandomSource,
} from './pseudonyms.js';
export * from './risk/index.js';
export * from './purposes/index.js';
export * from './notices/index.js';
export * from './disclosure/index.js';
export * from './noise/index.js';
