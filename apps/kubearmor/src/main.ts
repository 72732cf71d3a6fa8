import { createProgram } from './program.js';

process.exitCode = await createProgram().then((run) => run(process.argv));
