import type { Visibility } from '@kubearmor/monitor';
import type { LiveConfig } from '../agent/live-config.js';
import type { Settled } from './settled.js';

/** What an agent can be told while it runs. */
export function resolveLiveConfig(settled: Settled): LiveConfig {
  return {
    visibility: withHashes(settled.get('visibility'), settled),
    hostVisibility: withHashes(settled.get('hostVisibility'), settled),
    postures: {
      file: settled.get('defaultFilePosture'),
      network: settled.get('defaultNetworkPosture'),
      capabilities: settled.get('defaultCapabilitiesPosture'),
      // KubeArmor has no other for devices.
      device: settled.get('hostDefaultDevicePosture'),
    },
    hostPostures: {
      file: settled.get('hostDefaultFilePosture'),
      network: settled.get('hostDefaultNetworkPosture'),
      capabilities: settled.get('hostDefaultCapabilitiesPosture'),
      device: settled.get('hostDefaultDevicePosture'),
    },
    throttle: settled.get('alertThrottling')
      ? { maxAlertPerSec: settled.get('maxAlertPerSec'), throttleSec: settled.get('throttleSec') }
      : undefined,
    isDebug: settled.get('debug'),
  };
}

function withHashes(visibility: Visibility, settled: Settled): Visibility {
  return settled.get('enableIMA') ? new Set([...visibility, 'ima']) : visibility;
}
