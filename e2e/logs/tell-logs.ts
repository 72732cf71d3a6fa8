import { afterEach, beforeEach } from 'vitest';
import { takeLogs } from './known-logs.ts';

beforeEach(() => {
  takeLogs();
});

// A test that fails once in a hundred times must say why the first time.
afterEach(({ task }) => {
  if (task.result?.state === 'fail') process.stdout.write(`logs of ${task.name}:\n${takeLogs()}`);
});
