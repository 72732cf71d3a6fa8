import { Counters } from '@kubearmor/service';
import { describe, expect, it } from 'vitest';
import { AlertTally } from './alert-tally.js';
import { METRICS } from './metrics.js';
import { renderMetrics } from './render-metrics.js';
import { snapshotOf } from './testing/snapshot-of.js';

const names = METRICS.flatMap(({ metrics }) => metrics).map(({ name }) => name);

/** Name, labels, value of every line that is no comment. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('renderMetrics', () => {
  it('writes each metric with its help and type, then its samples', () => {
    const text = renderMetrics(snapshotOf({}));
    expect(text).toContain(
      '# HELP kubearmor_build_info Always 1; the version is the label\n# TYPE kubearmor_build_info gauge\nkubearmor_build_info{version="0.1.0"} 1\n',
    );
    expect(text.endsWith('\n')).toBe(true);
  });

  it('writes only lines that Prometheus can read, with the labels that are documented', () => {
    const counters = new Counters();
    counters.counter('alerts_dropped', { sink: 'fan-out', cause: 'thrown' }).add(2);
    const drops = [{ stream: 'logs', cause: 'slow-client', workload: '7', count: 3 }];
    const tally = new AlertTally();
    tally.write({
      Timestamp: 0,
      UpdatedTime: '',
      Type: 'MatchedPolicy',
      Operation: 'File',
      PolicyName: 'a"b\\c\nd',
      PPID: 0,
      UID: 0,
    });
    const text = renderMetrics(
      snapshotOf({ counters: counters.snapshot(), alerts: tally.all(), status: { drops } }),
    );
    for (const line of linesOf(text)) {
      expect(line).toMatch(/^[a-z][a-z0-9_]*(\{([A-Za-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? -?[0-9.e+-]+$/);
    }
    expect(text).toContain('kubearmor_alerts_with_policy_total{PolicyName="a\\"b\\\\c\\nd"} 1');
    expect(text).toContain(
      'kubearmor_events_dropped_total{stream="logs",cause="slow-client",workload="7"} 3',
    );
    expect(text).toContain(
      'kubearmor_events_dropped_total{stream="alerts",cause="fan-out: thrown",workload=""} 2',
    );
  });

  it('has no metric twice, and counters that are called so', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type } of METRICS.flatMap(({ metrics }) => metrics)) {
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
    }
  });
});
