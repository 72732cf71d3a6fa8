import { describe, expect, it } from 'vitest';
import { LANDLOCK_FS, landlockAbi, supportedLandlock } from './landlock.js';
import { hasNoNewPrivs } from './prctl.js';
import { hasSeccompAction } from './seccomp.js';
import { isRoot, scratchDirectory } from './testing/machine.js';
import { runInThread } from './testing/source-thread.js';

// A thread confines itself for good; the rest of the test process stays as it is.
describe('installSeccompFilter', () => {
  it('refuses calls of the thread that installed it', async () => {
    expect(hasSeccompAction({ kind: 'errno', errno: 'EPERM' })).toBe(true);
    const result = await runInThread(`
      const rule = { syscall: 'memfd_create', action: { kind: 'errno', errno: 'EXDEV' } };
      const before = attempt(() => kernel.close(kernel.memfdCreate('before')));
      kernel.installSeccompFilter(kernel.assembleSeccompFilter({ rules: [rule] }));
      return [before, attempt(() => kernel.memfdCreate('after')), kernel.hasNoNewPrivs()];`);
    expect(result).toEqual(['ok', 'EXDEV', true]);
    expect(hasNoNewPrivs()).toBe(false);
  });
});

describe.skipIf(landlockAbi() === 0)('LandlockRuleset (needs Landlock)', () => {
  it('confines a thread to what is allowed', async () => {
    using scratch = scratchDirectory();
    const result = await runInThread(`
      const fs = await import('node:fs');
      const path = ${JSON.stringify(scratch.path)};
      for (const name of ['/open', '/shut']) fs.mkdirSync(path + name);
      const { makeReg, writeFile, makeDir } = kernel.LANDLOCK_FS;
      const rules = kernel.LandlockRuleset.create({ fs: makeReg | writeFile | makeDir });
      rules.allowPath(path + '/open', makeReg | writeFile);
      rules.restrictSelf();
      rules.close();
      const create = kernel.openFlags().O_CREAT | kernel.openFlags().O_WRONLY;
      return ['/open/file', '/shut/file'].map((name) => kernel.open(path + name, create, 0o600) > 0);`);
    expect(result).toEqual([true, false]);
  });
});

describe('supportedLandlock', () => {
  it('leaves out what a version cannot control', () => {
    const all = { fs: 0xffff, net: 3, scope: 3 };
    expect(supportedLandlock(0, all)).toEqual({ fs: 0, net: 0, scope: 0 });
    expect(supportedLandlock(1, all).fs & LANDLOCK_FS.refer).toBe(0);
    expect(supportedLandlock(2, all).fs & LANDLOCK_FS.truncate).toBe(0);
    expect(supportedLandlock(3, all)).toEqual({ fs: 0x7fff, net: 0, scope: 0 });
    expect(supportedLandlock(4, all)).toEqual({ fs: 0x7fff, net: 3, scope: 0 });
    expect(supportedLandlock(99, all)).toEqual(all);
  });
});

describe.skipIf(!isRoot)('mounts of a thread in a namespace of its own (needs root)', () => {
  it('mounts, attaches, pivots and unmounts', async () => {
    using scratch = scratchDirectory();
    const result = await runInThread(`
      const path = ${JSON.stringify(scratch.path)};
      const own = kernel.openNamespace('thread-self', 'mnt');
      kernel.unshare(kernel.CLONE_NEWNS);
      kernel.mount(null, '/', null, kernel.MS_REC | kernel.MS_PRIVATE);
      kernel.mount('tmpfs', path, 'tmpfs', kernel.MS_NOSUID, 'size=1m');
      const tid = kernel.readlinkPath('/proc/thread-self').split('/').at(-1);
      const mounted = kernel.findMountAt(kernel.readMountinfo(Number(tid)), path).fsType;
      kernel.umount2(path);
      const detached = kernel.createDetachedMount('tmpfs', { size: '1m' });
      kernel.attachMount(detached, path);
      const fs = await import('node:fs');
      const statx = new kernel.StatxView();
      kernel.statxPath(kernel.AT_FDCWD, path, 0, statx);
      const old = path + '/old';
      // The file system calls of Node run in threads of other namespaces when asynchronous, here when not.
      fs.mkdirSync(old);
      kernel.pivotRoot(path, old);
      const pivoted = kernel.open('/old', kernel.openFlags().O_DIRECTORY) > 0;
      kernel.setns(own);
      return [mounted, pivoted, attempt(() => kernel.umount2(path)), attempt(() => kernel.createDetachedMount('nofs'))];`);
    expect(result).toEqual(['tmpfs', true, 'EINVAL', 'ENODEV']);
  });
});
