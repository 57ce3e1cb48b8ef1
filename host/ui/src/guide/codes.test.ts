import { describe, expect, it } from 'vitest';
import { CODES, foundCodes } from './codes';

const names = (search: string) =>
  foundCodes(CODES, search).flatMap(({ codes }) => codes.map(({ code }) => code));

describe('error codes', () => {
  it('are all there until somebody looks for one', () => {
    expect(foundCodes(CODES, '  ')).toEqual(CODES);
  });

  it('are found by a part of the code and by words of what it means', () => {
    expect(names('MEMORY-limit')).toEqual(['com.liveperson.faas.handler.memory-limit-exceeded']);
    expect(names('certificate expired')).toEqual(['CERT_HAS_EXPIRED']);
    expect(names('nothing of the kind at all')).toEqual([]);
  });
});
