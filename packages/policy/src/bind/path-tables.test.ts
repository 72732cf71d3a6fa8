import { describe, expect, it } from 'vitest';
import { bound } from '../testing/policies.js';
import { policyText } from '../testing/policies.js';

const root = {
  links: { '/data/link': '/etc' },
  files: { '/etc/a': '1:1' },
};

const set = bound(
  policyText('p', {
    file: {
      matchPaths: [{ path: '/data/link/a' }],
      matchDirectories: [
        { dir: '/etc/d/', recursive: true },
        { dir: '/etc/d/', fromSource: [{ dir: '/opt/' }] },
      ],
      matchPatterns: [{ pattern: '/etc/d/*.key' }, { pattern: '/etc/x*' }],
    },
    process: { matchPaths: [{ execname: 'sh', fromSource: [{ path: '/usr/bin/actor' }] }] },
    action: 'Block',
  }),
  root,
);

describe('PathRules.tables', () => {
  it('has every form of a path, with the rank at which it matches', () => {
    const { paths, directories, files } = set.file.tables();
    expect([...paths.keys()]).toEqual(['/data/link/a', '/etc/a']);
    expect(files.get('1:1')?.map(({ forms }) => forms)).toEqual([['/data/link/a', '/etc/a']]);
    expect(directories.get('/etc/d/')?.map(({ recursive }) => recursive)).toEqual([true, false]);
    const ranks = [paths.get('/etc/a'), directories.get('/etc/d/')].map((each) => each?.[0]?.rank ?? -1);
    expect(ranks[0]).toBeGreaterThan(ranks[1] ?? 0);
  });

  it('has names and sources', () => {
    const [candidate] = set.process.tables().names.get('sh') ?? [];
    expect([...(candidate?.bound.sources?.paths ?? [])]).toEqual(['/usr/bin/actor']);
    const [, sourced] = set.file.tables().directories.get('/etc/d/') ?? [];
    expect(sourced?.bound.sources?.directories).toEqual([{ dir: '/opt/', recursive: false }]);
  });

  it('has patterns by their beginnings', () => {
    const { patterns } = set.file.tables();
    expect(patterns.map(({ beginning }) => beginning)).toEqual(['/etc/d/', '/etc/x']);
  });
});

describe('PathRules.namedPaths', () => {
  it('has what a change of a directory is a write to, with the rules that match there', () => {
    const named = set.file.namedPaths();
    expect(named.map(({ path }) => path)).toEqual(['/data/link/a', '/etc/a', '/etc/d', '/etc/d/', '/etc/x']);
    expect(named.map(({ candidates }) => candidates.length)).toEqual([1, 1, 2, 3, 2]);
  });
});
