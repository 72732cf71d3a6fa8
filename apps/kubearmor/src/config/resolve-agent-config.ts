import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AgentConfig } from '../agent/agent-config.js';
import { AgentError } from '../errors.js';
import type { GrpcConfig } from '../grpc/agent-grpc.js';
import { VERSION } from '../version.js';
import { resolveGuardConfig } from './resolve-guard-config.js';
import { resolveLiveConfig } from './resolve-live-config.js';
import type { Settled } from './settled.js';

/** What an agent is told, complete. Throws SETTING_INVALID for values that do not go together. */
export function resolveAgentConfig(settled: Settled): AgentConfig {
  const guard = resolveGuardConfig(settled);
  return {
    ...guard,
    ...resolveLiveConfig(settled),
    bpfFsPath: settled.get('bpfFsPath'),
    policies: settled.get('policies'),
    isPolicyEnabled: settled.get('enableKubeArmorPolicy'),
    isHostPolicyEnabled: settled.get('enableKubeArmorHostPolicy'),
    areUnitsEnabled: settled.get('enableSystemdUnits'),
    enforcers: settled.get('lsm'),
    dropsProcessResource: settled.get('dropResourceFromProcessLogs'),
    unitCgroups: settled.get('unitCgroups') || undefined,
    socket: settled.get('socket') || join(guard.runDir, 'agent.sock'),
    stateDir: settled.get('stateDir'),
    logPath: settled.get('logPath'),
    logFormat: settled.get('logFormat'),
    logFilter: settled.get('logFilter'),
    alertsOnStdout: settled.get('alertsOnStdout'),
    grpc: resolveGrpc(settled, guard.runDir),
    isStateAgentEnabled: settled.get('enableKubeArmorStateAgent'),
    metrics: settled.get('metricsAddress'),
    cluster: settled.get('cluster'),
    host: settled.get('host') || hostname(),
    machineIDPath: settled.get('machineIDPath'),
    version: VERSION,
  };
}

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

function resolveGrpc(settled: Settled, runDir: string): GrpcConfig {
  const host = settled.get('gRPCHost');
  const hasTls = settled.get('tlsEnabled');
  if (!hasTls && !LOOPBACK.includes(host)) {
    const where = settled.given('gRPCHost')?.where ?? 'gRPCHost';
    throw new AgentError('SETTING_INVALID', `${where}: expected loopback without tlsEnabled, got "${host}"`);
  }
  return {
    socket: settled.get('gRPCSocket') || join(runDir, 'grpc.sock'),
    port: settled.get('gRPC'),
    healthPort: settled.get('gRPCHealthPort'),
    tls: hasTls
      ? { directory: settled.get('tlsCertPath'), provider: settled.get('tlsCertProvider') }
      : undefined,
    host,
    isOpenForPolicies: settled.get('policiesOverPlainTcp'),
  };
}
