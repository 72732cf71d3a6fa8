import { z } from 'zod';
import { KarmorError } from '../errors.js';
import { oneOf, parseFlags } from '../parse-flags.js';
import type { EventFilterOptions } from './event-filter.js';

/** How events are laid out. */
export type EventFormat = 'text' | 'json' | 'pretty-json';

/** What `karmor logs` is asked for, complete. */
export interface LogsOptions {
  readonly connection: {
    readonly gRPC: string | undefined;
    readonly runDir: string | undefined;
    readonly isSecure: boolean;
    readonly tlsCertPath: string | undefined;
    readonly tlsCertProvider: 'self' | 'external' | undefined;
    /** Whether it was said that the certificate authority is in a secret of Kubernetes. */
    readonly readsSecret: boolean;
  };
  /** `none`, `stdout` or a file. */
  readonly msgPath: string;
  readonly logPath: string;
  readonly logFilter: 'policy' | 'system' | 'all';
  readonly format: EventFormat;
  readonly filter: EventFilterOptions;
  /** After how many alerts and logs to end; undefined for never. */
  readonly limit: number | undefined;
}

const flagsSchema = z.object({
  gRPC: z.string().optional(),
  runDir: z.string().optional(),
  secure: z.boolean().default(false),
  tlsCertPath: z.string().optional(),
  tlsCertProvider: oneOf(['self', 'external']).optional(),
  readCAFromSecret: z
    .union(
      [z.literal(true), z.literal('true').transform(() => true), z.literal('false').transform(() => false)],
      {
        error: 'expected true or false',
      },
    )
    .default(false),
  msgPath: z.string().min(1, 'expected a file, stdout or none').default('none'),
  logPath: z.string().min(1, 'expected a file, stdout or none').default('stdout'),
  logFilter: oneOf(['policy', 'system', 'all']).default('policy'),
  json: z.boolean().default(false),
  output: oneOf(['text', 'json', 'pretty-json']).default('text'),
  namespace: z.string().optional(),
  operation: z.string().optional(),
  logType: z.string().optional(),
  container: z.string().optional(),
  pod: z.string().optional(),
  resource: z.string().optional(),
  source: z.string().optional(),
  labels: z.array(z.string().regex(/^[^=]+=/, 'expected key=value')).default([]),
  limit: z.coerce
    .number('expected a number')
    .int('expected a whole number')
    .min(0, 'expected 0 or more')
    .default(0),
});

/** Reads the flags of `karmor logs`. Throws USAGE_INVALID. */
export function parseLogsOptions(flags: unknown): LogsOptions {
  const given = parseFlags(flagsSchema, flags);
  const { gRPC, runDir, secure, tlsCertPath, tlsCertProvider, readCAFromSecret } = given;
  const { msgPath, logPath, logFilter, json, output, limit } = given;
  const { namespace, operation, logType, container, pod, resource, source, labels } = given;
  if (msgPath === 'none' && logPath === 'none') {
    throw new KarmorError(
      'USAGE_INVALID',
      '--msgPath and --logPath: expected one to be a file or stdout, got none',
    );
  }
  return {
    connection: {
      gRPC,
      runDir,
      isSecure: secure,
      tlsCertPath,
      tlsCertProvider,
      readsSecret: readCAFromSecret,
    },
    msgPath,
    logPath,
    logFilter,
    format: json && output === 'text' ? 'json' : output,
    filter: { namespace, operation, logType, container, pod, resource, source, labels },
    limit: limit === 0 ? undefined : limit,
  };
}
