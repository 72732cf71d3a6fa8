import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readProgramHeader, type ProgramHeader } from './program-header.js';

const directory = mkdtempSync(join(tmpdir(), 'kubearmor-header-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function headerOf(content: Buffer | string): ProgramHeader {
  const path = join(directory, 'program');
  writeFileSync(path, content);
  const fd = openSync(path, 'r');
  try {
    return readProgramHeader(fd);
  } finally {
    closeSync(fd);
  }
}

function elf(loader: string | undefined, is64 = true): Buffer {
  const bytes = Buffer.alloc(1024);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes[4] = is64 ? 2 : 1;
  const [table, entry] = is64 ? [64, 56] : [52, 32];
  if (is64) bytes.writeBigUInt64LE(BigInt(table), 32);
  else bytes.writeUInt32LE(table, 28);
  bytes.writeUInt16LE(entry, is64 ? 54 : 42);
  bytes.writeUInt16LE(2, is64 ? 56 : 44);
  bytes.writeUInt32LE(1, table);
  if (loader === undefined) return bytes;
  const second = table + entry;
  bytes.writeUInt32LE(3, second);
  if (is64) {
    bytes.writeBigUInt64LE(512n, second + 8);
    bytes.writeBigUInt64LE(BigInt(loader.length + 1), second + 32);
  } else {
    bytes.writeUInt32LE(512, second + 4);
    bytes.writeUInt32LE(loader.length + 1, second + 16);
  }
  bytes.write(`${loader}\0`, 512);
  return bytes;
}

describe('readProgramHeader', () => {
  for (const [text, interpreter, argument] of [
    ['#!/bin/sh\necho', '/bin/sh', undefined],
    ['#! /bin/sh -e \n', '/bin/sh', '-e'],
    ['#!/usr/bin/env perl -w\n', '/usr/bin/env', 'perl -w'],
    ['#!\t/bin/sh', '/bin/sh', undefined],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(headerOf(text)).toEqual({ kind: 'script', interpreter, argument });
    });
  }

  it('reads the loader of 64-bit and 32-bit ELF files', () => {
    expect(headerOf(elf('/lib/ld.so'))).toEqual({ kind: 'elf', loader: '/lib/ld.so' });
    expect(headerOf(elf('/lib/ld.so', false))).toEqual({ kind: 'elf', loader: '/lib/ld.so' });
    expect(headerOf(elf(undefined))).toEqual({ kind: 'elf', loader: undefined });
  });

  for (const content of ['', '#', '#!', '#!   \n', 'text', '\x7fELF']) {
    it(`takes ${JSON.stringify(content)} for neither`, () => {
      expect(headerOf(content)).toEqual({ kind: 'other' });
    });
  }
});
