#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('hitonami is not built yet: run `npm run build` in its folder once.');
  process.exit(1);
}
// Before anything else is loaded: another process may take this one's place.
const { beForgetful, seesPictures } = await import('../dist/forgetful-process.js');
const code = seesPictures(process.argv.slice(2)) ? await beForgetful(process.env) : undefined;
if (code === undefined) await import(main.href);
else process.exitCode = code;
