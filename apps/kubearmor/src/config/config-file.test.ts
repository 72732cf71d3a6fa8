import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConfigFile, readConfigFile } from './config-file.js';

let directory = '';
let path = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubearmor-config-'));
  path = join(directory, 'kubearmor.yaml');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function read(content: string): ReturnType<typeof readConfigFile> {
  writeFileSync(path, content, { mode: 0o600 });
  return readConfigFile(path);
}

describe('readConfigFile', () => {
  it('reads settings under their names, whatever their case', () => {
    const { layer } = read('cluster: c\ngRPC: 32767\nDEFAULTFILEPOSTURE: "block"\nk8s: false\n');
    expect([...layer].map(([name, { text }]) => [name, text])).toEqual([
      ['cluster', 'c'],
      ['gRPC', '32767'],
      ['defaultFilePosture', 'block'],
      ['k8s', 'false'],
    ]);
    expect(layer.get('cluster')?.where).toBe(`file ${path}: cluster`);
  });

  it('reads lists as KubeArmor writes them', () => {
    expect(read('visibility: [process, file]').layer.get('visibility')?.text).toBe('process,file');
  });

  it('takes nothing from an empty file, and from keys without a value', () => {
    expect(read('').layer.size).toBe(0);
    expect(read('# a comment\ncluster:\n').layer.size).toBe(0);
  });

  it('warns of unknown keys, with the name that may be meant', () => {
    const { warnings } = read('visiblity: none\nsomethingElse: 1\n');
    expect(warnings).toEqual([
      `file ${path}: visiblity: unknown setting, ignored; is visibility meant?`,
      `file ${path}: somethingElse: unknown setting, ignored`,
    ]);
  });

  it('warns of a file that others can write', () => {
    writeFileSync(path, '');
    chmodSync(path, 0o666);
    expect(readConfigFile(path).warnings.join()).toContain('only root can write');
  });

  for (const [what, content, message] of [
    ['a list', '- a\n', 'expected settings'],
    ['broken YAML', 'a: [\n', 'expected YAML'],
    ['a mapping as value', 'visibility: { process: true }\n', 'visibility: expected none'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => read(content)).toThrow(message);
      expect(() => read(content)).toThrow(`file ${path}`);
    });
  }

  it('refuses a file that is not there', () => {
    expect(() => readConfigFile(join(directory, 'none'))).toThrow('expected a file that can be read');
  });
});

describe('findConfigFile', () => {
  it('takes the one that is named, else the first place that has one', () => {
    writeFileSync(path, '');
    const places = [join(directory, 'none'), path];
    expect(findConfigFile('/named', places)).toBe('/named');
    expect(findConfigFile(undefined, places)).toBe(path);
    expect(findConfigFile(undefined, [])).toBeUndefined();
  });
});
