#!/usr/bin/env node
// Part of the build: makes the empty database that the embedded records start from, where it is not there yet.
import { makeTemplate } from '../dist/sql/template.js';

await makeTemplate();
