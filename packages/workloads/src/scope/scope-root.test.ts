import { MS_NODEV, MS_RDONLY } from '@kubearmor/kernel/launch';
import { describe, expect, it } from 'vitest';
import type { MountStep } from './mount-step.js';
import { planScopeRoot, type ScopeRootOptions } from './scope-root.js';

const plan = (options: Partial<ScopeRootOptions> = {}): readonly MountStep[] =>
  planScopeRoot({ image: '/', submounts: [], scratch: '/run', tmpfsSize: null, ...options });

const withFlag = (flag: number): unknown => expect.toSatisfy((flags: number) => (flags & flag) !== 0);

describe('planScopeRoot', () => {
  it('begins by cutting propagation and ends by changing the root', () => {
    const steps = plan();
    expect(steps[0]).toEqual({ kind: 'make-private' });
    expect(steps.at(-1)).toEqual({ kind: 'pivot', root: '/run/root' });
  });

  it('keeps the writes outside of the image', () => {
    expect(plan({ image: '/srv/image' })).toContainEqual({
      kind: 'overlay',
      lower: '/srv/image',
      upper: '/run/upper-0',
      work: '/run/work-0',
      target: '/run/root',
    });
  });

  it('gives each submount an overlay of its own, after the root', () => {
    const overlays = plan({ submounts: ['/home', '/usr'] }).flatMap((step) =>
      step.kind === 'overlay' ? [[step.lower, step.target, step.upper]] : [],
    );
    expect(overlays).toEqual([
      ['/', '/run/root', '/run/upper-0'],
      ['/home', '/run/root/home', '/run/upper-1'],
      ['/usr', '/run/root/usr', '/run/upper-2'],
    ]);
  });

  it('limits what can be written', () => {
    expect(plan({ tmpfsSize: '10m' })[1]).toMatchObject({
      type: 'tmpfs',
      target: '/run',
      data: 'mode=0700,size=10m',
    });
  });

  it('leaves devices alive in /dev alone, and only those it made', () => {
    const steps = plan();
    const made = steps.findLastIndex((step) => step.kind === 'device');
    const restricted = steps.findIndex((step) => step.kind === 'restrict' && step.target === '/run/root/dev');
    expect(restricted).toBeGreaterThan(made);
    expect(steps[restricted]).toMatchObject({
      flags: withFlag(MS_NODEV),
    });
  });

  it('shows /sys read-only and without what is mounted below it', () => {
    const steps = plan();
    expect(steps).toContainEqual({ kind: 'bind', source: '/sys', target: '/run/root/sys', flags: 0 });
    expect(steps).toContainEqual(
      expect.objectContaining({
        kind: 'restrict',
        target: '/run/root/sys',
        flags: withFlag(MS_RDONLY),
      }),
    );
  });

  it('mounts the new /proc before it hides parts of it', () => {
    const steps = plan();
    const mounted = steps.findIndex((step) => step.kind === 'mount' && step.type === 'proc');
    const hidden = steps.findIndex((step) => step.kind === 'read-only' || step.kind === 'mask');
    expect(mounted).toBeGreaterThan(0);
    expect(hidden).toBeGreaterThan(mounted);
  });
});
