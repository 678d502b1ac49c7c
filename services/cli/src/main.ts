import { HitonamiError } from '@hitonami/model';
import { watchOutput } from './output.js';
import { program } from './program.js';

watchOutput();

try {
  await program().parseAsync();
} catch (error) {
  if (error instanceof HitonamiError) console.error(`hitonami: ${error.message}`);
  else console.error(error);
  process.exitCode = 1;
}
