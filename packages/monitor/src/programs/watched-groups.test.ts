import { describe, expect, it } from 'vitest';
import { GROUP } from '../record/layout.js';
import { WatchedGroups } from './watched-groups.js';

describe('WatchedGroups', () => {
  it('has what anybody watches, until nobody does', () => {
    const watched = new WatchedGroups();
    expect(watched.all).toBe(0);
    watched.set(1, GROUP.file | GROUP.dns);
    watched.set(2, GROUP.file | GROUP.network);
    expect(watched.all).toBe(GROUP.file | GROUP.dns | GROUP.network);
    watched.set(1, GROUP.process);
    expect(watched.all).toBe(GROUP.file | GROUP.network | GROUP.process);
    watched.set(2, 0);
    watched.set(2, 0);
    expect(watched.all).toBe(GROUP.process);
    watched.set(1, 0);
    expect(watched.all).toBe(0);
  });
});
