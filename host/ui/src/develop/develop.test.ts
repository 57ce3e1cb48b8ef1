import { describe, expect, it } from 'vitest';
import { texts } from '../texts';
import { counterpart, judgeDomain } from './domains';
import { judgeDescription, judgeName } from './names';

describe('names', () => {
  it('are words, short and unique', () => {
    expect(judgeName('greet_2', ['other'])).toBeNull();
    expect(judgeName('', [])).toBe(texts.names.missing);
    expect(judgeName('a b', [])).toBe(texts.names.letters);
    expect(judgeName('<script>', [])).toBe(texts.names.letters);
    expect(judgeName('x'.repeat(51), [])).toBe(texts.names.long(50));
    expect(judgeName('greet', ['greet'])).toBe(texts.names.taken);
  });

  it('come with a description', () => {
    expect(judgeDescription('Greets')).toBeNull();
    expect(judgeDescription('   ')).toBe(texts.names.descriptionMissing);
    expect(judgeDescription('x'.repeat(101))).toBe(texts.names.long(100));
  });
});

describe('domains', () => {
  it('are fully qualified names', () => {
    for (const good of [
      'example.com',
      'www.example.com',
      '*.example.com',
      'a-b.example.co.uk',
      'münchen.de',
    ]) {
      expect(judgeDomain(good, []), good).toBeNull();
    }
    expect(judgeDomain('https://example.com', [])).toBe(texts.domains.scheme);
    expect(judgeDomain('example.com/path', [])).toBe(texts.domains.scheme);
    expect(judgeDomain('example', [])).toBe(texts.domains.single);
    expect(judgeDomain('localhost', [])).toBeNull();
    expect(judgeDomain('localhost', ['localhost'])).toBe(texts.domains.duplicate);
    expect(judgeDomain('a.*.example.com', [])).toBe(texts.domains.wildcard);
    for (const bad of ['-a.com', 'a..com', 'a b.com', '127.0.0.1', `${'x'.repeat(64)}.com`]) {
      expect(judgeDomain(bad, []), bad).toBe(texts.domains.invalid);
    }
  });

  it('stand there once', () => {
    expect(judgeDomain('Example.com', ['example.com'])).toBe(texts.domains.duplicate);
  });

  it('come in pairs', () => {
    expect(counterpart('liveperson.com')).toBe('www.liveperson.com');
    expect(counterpart('www.liveperson.com')).toBe('liveperson.com');
    expect(counterpart('api.example.com')).toBeNull();
    expect(counterpart('*.example.com')).toBeNull();
  });
});
