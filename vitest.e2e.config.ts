import { defineConfig } from 'vitest/config';
import type { TestSpecification, TestSequencer } from 'vitest/node';

/** In the order of their names, but what looks for leftovers last. */
class ByName implements TestSequencer {
  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }

  sort(files: TestSpecification[]): TestSpecification[] {
    const place = ({ moduleId }: TestSpecification): string =>
      moduleId.includes('leftovers') ? '~' : moduleId;
    return files.toSorted((a, b) => place(a).localeCompare(place(b), 'en'));
  }
}

export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'],
    setupFiles: ['e2e/logs/tell-logs.ts'],
    globalSetup: ['e2e/global-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: ByName },
  },
});
