import { describe, expect, it } from 'vitest';
import { readTlsFiles } from './tls-files.js';

describe('readTlsFiles', () => {
  it('names the file that is missing', () => {
    expect(() => readTlsFiles('/nonexistent')).toThrow('/nonexistent/ca.crt');
    expect(() => readTlsFiles('/nonexistent')).toThrow(expect.objectContaining({ code: 'TLS_FILE_MISSING' }));
  });
});
