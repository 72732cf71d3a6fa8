import { randomFillSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { decide } from '@kubearmor/policy';
import { bindGroup, loadCorpus, toOperation } from '@kubearmor/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleImage } from './image/rule-image.js';
import { asksMultiCall, judgeOperation } from './testing/judge-operation.js';
import { MatchCore } from './testing/match-core.js';

const verdicts = fileURLToPath(new URL('../../../../corpus/verdicts', import.meta.url));

describe.skipIf(process.geteuid?.() !== 0)('the matching core, by the verdict corpus (needs root)', () => {
  let core: MatchCore;

  beforeAll(() => {
    core = new MatchCore();
  });
  afterAll(() => {
    core[Symbol.dispose]();
  });

  for (const group of loadCorpus(verdicts)) {
    it(`${group.file}:${group.line} ${group.name}`, () => {
      const { bound, root } = bindGroup(group);
      const image = ruleImage(bound, { generation: 1n, fillRandom: randomFillSync });
      core.use(image);
      const judging = { core, bound, lists: image.lists };
      for (const one of group.cases) {
        const operation = toOperation(one, root);
        if ((operation.kind !== 'file' && operation.kind !== 'exec') || asksMultiCall(bound, operation))
          continue;
        expect(judgeOperation(judging, operation), `line ${one.line} ${one.name}`).toEqual(
          decide(bound, operation),
        );
      }
    });
  }
});
