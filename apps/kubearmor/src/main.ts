import { setFlagsFromString } from 'node:v8';

// What a start leaves behind would fill 20 MB of young objects for good. Threads that make many say so themselves.
setFlagsFromString('--max-semi-space-size=1');
setFlagsFromString('--semi-space-growth-factor=1');

const { createProgram } = await import('./program.js');
process.exitCode = await createProgram()(process.argv);
