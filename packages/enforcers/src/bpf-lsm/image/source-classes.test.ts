import { describe, expect, it } from 'vitest';
import { boundPolicy } from '../testing/bound-policy.js';
import { SourceClasses } from './source-classes.js';

const classesOf = (sources: readonly (readonly object[])[]): SourceClasses => {
  const matchPaths = sources.map((fromSource, at) => ({ path: `/etc/${at}`, fromSource }));
  return new SourceClasses(boundPolicy([{ file: { matchPaths }, action: 'Block' }]).rules);
};

describe('SourceClasses', () => {
  it('has one class for executables that are alike to every rule', () => {
    const classes = classesOf([[{ path: '/bin/a' }, { path: '/bin/b' }], [{ path: '/bin/c' }]]);
    const byName = new Map(classes.entries.map(({ name, near }) => [name, near]));
    expect(byName.get('/bin/a')).toBe(byName.get('/bin/b'));
    expect(byName.get('/bin/a')).not.toBe(byName.get('/bin/c'));
    expect(classes.count).toBe(3);
  });

  it('tells what is in a directory from what is deeper', () => {
    const classes = classesOf([[{ dir: '/opt/' }], [{ dir: '/opt/', recursive: true }]]);
    const [entry] = classes.entries;
    expect(entry?.near).not.toBe(entry?.far);
    expect(entry?.far).not.toBe(0);
  });

  it('does not have more classes than rules name executables', () => {
    const classes = classesOf(
      Array.from({ length: 300 }, (_, at) => [{ path: `/bin/${at}` }, { dir: '/usr/', recursive: true }]),
    );
    expect(classes.count).toBe(302);
  });
});
