import { setFlagsFromString } from 'node:v8';
import { createProgram } from './program.js';

// What a start leaves behind would fill 20 MB of young objects for good. Threads that make many say so themselves.
setFlagsFromString('--max-semi-space-size=1');
setFlagsFromString('--semi-space-growth-factor=1');

process.exitCode = await createProgram()(process.argv);
