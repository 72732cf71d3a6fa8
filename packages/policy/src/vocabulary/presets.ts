/** Every preset that a policy can name. */
export const presets = ['filelessExec', 'anonymousMapExec', 'protectEnv', 'protectProc', 'exec'] as const;

/** The name of a preset. */
export type Preset = (typeof presets)[number];
