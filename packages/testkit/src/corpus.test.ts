import { fileURLToPath } from 'node:url';
import type { Decision } from '@kubearmor/policy';
import { decide } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import type { BoundGroup } from './bind-group.js';
import { bindGroup } from './bind-group.js';
import type { Expectation } from './corpus/corpus-case.js';
import { loadCorpus } from './corpus/load-corpus.js';
import { toOperation } from './operation/to-operation.js';

const verdicts = fileURLToPath(new URL('../../../corpus/verdicts', import.meta.url));

/** Of a decision what an expectation speaks about. */
function comparable({ verdict, alert }: Decision, expected: Expectation): Expectation {
  if (alert === undefined) return { verdict };
  const { policyName, rule, action, severity, tags, message } = alert;
  const { severity: hasSeverity, tags: hasTags, message: hasMessage } = expected.alert ?? {};
  return {
    verdict,
    alert: {
      policyName,
      rule,
      action,
      ...(hasSeverity === undefined ? {} : { severity }),
      ...(hasTags === undefined ? {} : { tags }),
      ...(hasMessage === undefined ? {} : { message }),
    },
  };
}

/** Bound once for all cases of a group, when the first of them runs. */
function once(create: () => BoundGroup): () => BoundGroup {
  let made: BoundGroup | undefined;
  return () => (made ??= create());
}

describe('decide, by the verdict corpus', () => {
  for (const group of loadCorpus(verdicts)) {
    const ready = once(() => bindGroup(group));
    describe(`${group.file}:${group.line} ${group.name}`, () => {
      for (const one of group.cases) {
        it(`line ${one.line} ${one.name}`, () => {
          const { bound, root } = ready();
          const decision = decide(bound, toOperation(one, root));
          expect(comparable(decision, one.expect)).toEqual(one.expect);
        });
      }
    });
  }
});
