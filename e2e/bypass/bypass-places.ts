import { places } from '../places.ts';

/** Where the attempts, and the parts of what they run on, are. */
export const bypassPlaces = {
  attempts: `${places.root}corpus/bypass`,
  reach: `${places.root}docs/reference/guard-reach.md`,
  karmor: `${places.root}apps/karmor/dist/main.js`,
  busybox: '/bin/busybox',
  muslLoader: '/lib/ld-musl-x86_64.so.1',
  intruder: `${places.root}build/actor/intruder`,
  dynamicIntruder: `${places.root}build/actor/intruder-dynamic`,
  intruderLibrary: `${places.root}build/actor/intruder.so`,
} as const;
