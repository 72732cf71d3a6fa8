import { globSync } from 'node:fs';
import { release } from 'node:os';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { ImageMaps } from '@kubearmor/enforcers';
import { BpfObject } from '@kubearmor/kernel';
import { places } from '../places.ts';
import { hasHelper } from './guest/has-helper.ts';
import { hasTracepoint } from './guest/has-tracepoint.ts';

/** Why this kernel has no use for an object; undefined where it must take it. */
const useless: Readonly<Record<string, () => string | undefined>> = {
  ...Object.fromEntries(
    ['match_test.bpf.o', 'enforcer.bpf.o'].map((name) => [
      name,
      () => (hasHelper('loop') ? undefined : 'this kernel has no helper bpf_loop'),
    ]),
  ),
  'io_uring.bpf.o': () =>
    hasTracepoint('io_uring/io_uring_submit_req')
      ? undefined
      : 'this kernel has no tracepoint io_uring/io_uring_submit_req',
  'monitor_calls.bpf.o': () =>
    hasHelper('get_func_ret')
      ? undefined
      : 'this kernel has no helper bpf_get_func_ret: the monitor falls back to tracepoints',
};

describe(`the verifier of ${release()}`, () => {
  for (const file of globSync(`${places.objects}/*.bpf.o`).sort()) {
    const why = useless[basename(file)]?.();
    it(`takes ${basename(file)}`, { skip: why ?? false }, () => {
      const object = BpfObject.open(file);
      try {
        if (object.maps().some(({ name }) => name === 'match_paths')) ImageMaps.load(object);
        else object.load();
      } finally {
        object.close();
      }
    });
  }
});
