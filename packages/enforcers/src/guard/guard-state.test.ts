import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardState } from './guard-state.js';

const PROCESSES = {
  keeper: { pid: 1, startTime: '10' },
  answerers: [{ pid: 2, startTime: '20' }],
  idle: [{ pid: 3, startTime: '30' }],
};

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubearmor-state-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('GuardState', () => {
  it('tells the next keeper who the guard was, and when somebody answered last', () => {
    const path = join(directory, 'guard.json');
    new GuardState(path).write(PROCESSES, 5000);
    const state = new GuardState(path);
    expect(state.read()).toEqual(PROCESSES);
    expect(state.answeredAtMs).toBe(5000);
    state.touch(7000);
    expect(state.answeredAtMs).toBe(7000);
  });

  it('tells nothing once it is removed, and of a file that is none of ours', () => {
    const path = join(directory, 'guard.json');
    const state = new GuardState(path);
    state.write(PROCESSES, 5000);
    state.remove();
    expect(state.read()).toBeUndefined();
    expect(state.answeredAtMs).toBeUndefined();
    writeFileSync(path, '{"answerer":1}');
    expect(state.read()).toBeUndefined();
  });
});
