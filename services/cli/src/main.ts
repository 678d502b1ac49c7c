import { HitonamiError } from '@hitonami/model';
import { program } from './program.js';

try {
  await program().parseAsync();
} catch (error) {
  if (error instanceof HitonamiError) console.error(`hitonami: ${error.message}`);
  else console.error(error);
  process.exitCode = 1;
}
