import { globSync } from 'node:fs';
import { release } from 'node:os';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { BpfObject } from '@kubearmor/kernel';
import { places } from '../places.ts';
import { hasTracepoint } from './guest/has-tracepoint.ts';

/** Objects of which a kernel without a tracepoint has no use. */
const tracepoints: Readonly<Record<string, string>> = { 'io_uring.bpf.o': 'io_uring/io_uring_submit_req' };

describe(`the verifier of ${release()}`, () => {
  for (const file of globSync(`${places.objects}/*.bpf.o`).sort()) {
    const tracepoint = tracepoints[basename(file)];
    const isUseless = tracepoint !== undefined && !hasTracepoint(tracepoint);
    it(
      `takes ${basename(file)}`,
      { skip: isUseless && `this kernel has no tracepoint ${tracepoint}` },
      () => {
        const object = BpfObject.open(file);
        try {
          object.load();
        } finally {
          object.close();
        }
      },
    );
  }
});
