import { GUARD_SETTINGS, type GuardValues } from './sections/guard-settings.js';
import { INERT_SETTINGS, type InertValues } from './sections/inert-settings.js';
import { NODE_SETTINGS, type NodeValues } from './sections/node-settings.js';
import { POLICY_SETTINGS, type PolicyValues } from './sections/policy-settings.js';
import { SERVICE_SETTINGS, type ServiceValues } from './sections/service-settings.js';
import { TELEMETRY_SETTINGS, type TelemetryValues } from './sections/telemetry-settings.js';
import type { SettingsOf } from './setting.js';

/** The values of all settings. */
export interface SettingValues
  extends GuardValues, NodeValues, PolicyValues, TelemetryValues, ServiceValues, InertValues {}

/** The name of a setting. */
export type SettingName = keyof SettingValues;

/** Every setting: flags, environment variables, keys of the file, help and the reference come from here. */
export const SETTINGS: SettingsOf<SettingValues> = {
  ...NODE_SETTINGS,
  ...POLICY_SETTINGS,
  ...TELEMETRY_SETTINGS,
  ...SERVICE_SETTINGS,
  ...GUARD_SETTINGS,
  ...INERT_SETTINGS,
};
