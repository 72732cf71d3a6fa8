// The arrows between the parts (docs/architecture.md): a part may use only what stands behind its name.
const mayUse = {
  policy: [],
  service: [],
  kernel: [],
  protocol: [],
  telemetry: ['service'],
  enforcers: ['policy', 'kernel', 'service', 'telemetry'],
  monitor: ['kernel', 'service', 'telemetry', 'policy'],
  workloads: ['kernel', 'service'],
  testkit: ['policy'],
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'policy-is-pure',
      severity: 'error',
      from: { path: '^packages/policy/src', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-kernel-goes-native',
      severity: 'error',
      from: { pathNot: '^packages/kernel/' },
      to: { path: 'node_modules/koffi' },
    },
    ...Object.entries(mayUse).map(([name, allowed]) => ({
      name: `arrows-of-${name}`,
      severity: 'error',
      from: { path: `^packages/${name}/src`, pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages|apps)/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.eslint.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
