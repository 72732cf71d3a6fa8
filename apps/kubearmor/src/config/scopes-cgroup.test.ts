import { describe, expect, it } from 'vitest';
import { scopesCgroup } from './scopes-cgroup.js';

describe('scopesCgroup', () => {
  it('differs with the run directory', () => {
    expect(scopesCgroup('/run/kubearmor')).toBe('kubearmor');
    expect(scopesCgroup('/tmp/a')).not.toBe(scopesCgroup('/tmp/b'));
  });
});
