import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readServiceFiles, type ServiceFile } from './service-files.js';

let directory = '';
const write = (path: string, text = '[Service]\nExecStart=/bin/true\n'): void => {
  const file = join(directory, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
};
const read = async (): Promise<readonly ServiceFile[]> =>
  (await readServiceFiles(['etc', 'absent', 'lib'].map((name) => join(directory, name)))).toSorted((a, b) =>
    a.name.localeCompare(b.name),
  );
const inSlice = '[Service]\nSlice=web.slice\n';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'service-files-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('readServiceFiles', () => {
  it('finds services, the first file of a name, and no templates, sockets or texts', async () => {
    for (const path of ['etc/a.service', 'lib/b.service', 'lib/c@.service', 'lib/d.socket', 'lib/README'])
      write(path);
    write('lib/a.service', inSlice);
    expect(await read()).toEqual([
      { name: 'a.service', setsSlice: false },
      { name: 'b.service', setsSlice: false },
    ]);
  });

  it('leaves out what is masked or a further name, but not instances', async () => {
    for (const path of ['lib/a.service', 'lib/masked.service', 'lib/c@.service']) write(path);
    mkdirSync(join(directory, 'etc'));
    symlinkSync('/dev/null', join(directory, 'etc/masked.service'));
    symlinkSync('/lib/a.service', join(directory, 'etc/alias.service'));
    symlinkSync('/lib/c@.service', join(directory, 'etc/c@one.service'));
    expect((await read()).map(({ name }) => name)).toEqual(['a.service', 'c@one.service']);
  });

  it.for(['a-b.service.d', 'a-.service.d', 'service.d'])('knows what %s says of the slice', async (stem) => {
    write('lib/a-b.service');
    write(`etc/${stem}/x.conf`, inSlice);
    write(`etc/other.service.d/x.conf`, inSlice);
    expect(await read()).toEqual([{ name: 'a-b.service', setsSlice: true }]);
  });

  it('knows what a file itself says of it', async () => {
    write('lib/a.service', inSlice);
    write('lib/b.service', '[Service]\n#Slice=web.slice\nExecStart=/x --Slice=1\n');
    expect((await read()).map(({ setsSlice }) => setsSlice)).toEqual([true, false]);
  });
});
