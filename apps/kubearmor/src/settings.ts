import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { EVERYTHING, parseVisibility } from '@kubearmor/monitor';
import { z } from 'zod';
import type { AgentConfig } from './agent/agent-config.js';
import type { GuardConfig } from './agent/guard-command.js';
import { AgentError } from './errors.js';

/** The version of all parts. */
export const VERSION = '0.1.0';

const OBJECTS = fileURLToPath(new URL('../../../build/bpf', import.meta.url));
const posture = z.enum(['block', 'audit', 'allow']);
const onError = z.enum(['deny', 'allow']);

const port = z.union([
  z.literal('none').transform(() => undefined),
  z.coerce.number().int().min(0).max(65_535),
]);

const visibility = z.string().transform((text, context) => {
  // Nothing here runs in Kubernetes, where KubeArmor leaves the host out.
  if (text === 'default') return EVERYTHING;
  try {
    return parseVisibility(text);
  } catch (thrown) {
    context.addIssue({ code: 'custom', message: thrown instanceof Error ? thrown.message : String(thrown) });
    return z.NEVER;
  }
});

const RUN_DIR = '/run/kubearmor';
const LOOPBACK = '127.0.0.1';

const guardSchema = z.object({
  runDir: z.string().default(RUN_DIR),
  pins: z.string().default('/sys/fs/bpf/kubearmor'),
  objects: z.string().default(OBJECTS),
  onError: onError.default('deny'),
});

const agentSchema = guardSchema.extend({
  policies: z.string().default('/etc/kubearmor/policies'),
  socket: z.string().optional(),
  stateDir: z.string().default('/var/lib/kubearmor'),
  logPath: z.string().default('none'),
  logFormat: z.enum(['json', 'text', 'legacy']).default('json'),
  logFilter: z.enum(['policy', 'system', 'all']).default('all'),
  visibility: visibility.prefault('process,file,network,capabilities'),
  hostVisibility: visibility.prefault('default'),
  alertsOnStdout: z.enum(['json', 'text', 'none']).default('json'),
  defaultFilePosture: posture.default('audit'),
  defaultNetworkPosture: posture.default('audit'),
  defaultCapabilitiesPosture: posture.default('audit'),
  gRPC: port.default(32767),
  gRPCHealthPort: port.default(32766),
  gRPCSocket: z.string().optional(),
  gRPCHost: z.string().default(LOOPBACK),
  tlsEnabled: z.boolean().default(false),
  tlsCertPath: z.string().default('/var/lib/kubearmor/tls'),
  policiesOverPlainTcp: z.boolean().default(false),
  cluster: z.string().default('default'),
  host: z.string().optional(),
  alertThrottling: z.boolean().default(false),
  maxAlertPerSec: z.coerce.number().int().positive().default(10),
  throttleSec: z.coerce.number().int().positive().default(30),
});

/** The name of the cgroup that holds all scopes: one for each run directory, so that two agents never share a scope's. */
export function scopesCgroup(runDir: string): string {
  if (runDir === RUN_DIR) return 'kubearmor';
  return `kubearmor-${createHash('sha256').update(runDir).digest('hex').slice(0, 8)}`;
}

/** What keeper and answerer are told, from their flags. */
export function resolveGuardConfig(options: unknown): GuardConfig {
  return parse(guardSchema, options);
}

/** What an agent is told, from its flags. */
export function resolveAgentConfig(options: unknown): AgentConfig {
  const given = parse(agentSchema, options);
  const { defaultFilePosture, defaultNetworkPosture, defaultCapabilitiesPosture } = given;
  const { alertThrottling, maxAlertPerSec, throttleSec, socket, host, ...others } = given;
  const {
    gRPC,
    gRPCHealthPort,
    gRPCSocket,
    gRPCHost,
    tlsEnabled,
    tlsCertPath,
    policiesOverPlainTcp,
    ...rest
  } = others;
  if (!tlsEnabled && !['127.0.0.1', '::1', 'localhost'].includes(gRPCHost)) {
    throw new AgentError(
      'SETTING_INVALID',
      `--gRPCHost: expected loopback without --tlsEnabled, got ${gRPCHost}`,
    );
  }
  return {
    ...rest,
    socket: socket ?? `${given.runDir}/agent.sock`,
    host: host ?? hostname(),
    grpc: {
      socket: gRPCSocket ?? `${given.runDir}/grpc.sock`,
      port: gRPC,
      healthPort: gRPCHealthPort,
      tlsCertPath: tlsEnabled ? tlsCertPath : undefined,
      host: gRPCHost,
      isOpenForPolicies: policiesOverPlainTcp,
    },
    version: VERSION,
    postures: {
      file: defaultFilePosture,
      network: defaultNetworkPosture,
      capabilities: defaultCapabilitiesPosture,
      device: 'audit',
    },
    throttle: alertThrottling ? { maxAlertPerSec, throttleSec } : undefined,
  };
}

function parse<T>(schema: z.ZodType<T>, options: unknown): T {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AgentError(
    'SETTING_INVALID',
    `--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
    {
      cause: parsed.error,
    },
  );
}
