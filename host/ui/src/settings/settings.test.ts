import { expect, it } from 'vitest';
import { texts } from '../texts';
import { judgeBinding, judgeKey, judgeValue, UNBOUND } from './secretRules';

it('judges names of secrets', () => {
  expect(judgeKey('lp-faas_key1', [])).toBeNull();
  expect(judgeKey('', [])).toBe(texts.secrets.missing);
  expect(judgeKey('a b', [])).toBe(texts.secrets.letters);
  expect(judgeKey('x'.repeat(101), [])).toBe(texts.secrets.letters);
  expect(judgeKey('a', ['a'])).toBe(texts.secrets.taken);
});

it('sends texts as texts and JSON as JSON', () => {
  expect(judgeValue('42', false)).toEqual({ value: '42' });
  expect(judgeValue('42', true)).toEqual({ value: 42 });
  expect(judgeValue('{"a": 1}', true)).toEqual({ value: { a: 1 } });
  expect(judgeValue('{', true).problem).toBe(texts.secrets.notJson);
  expect(judgeValue('', false).problem).toBe(texts.secrets.empty);
  expect(judgeValue('x'.repeat(10_001), false).problem).toBe(texts.secrets.long);
});

it('judges where a secret goes', () => {
  const judged = (host: string, header: string) => judgeBinding({ isBound: true, host, header });
  expect(judged('api.example.com', 'X-Api-Key')).toEqual({ host: null, header: null });
  expect(judged('*.example.com', 'a b')).toEqual({
    host: texts.secrets.oneHost,
    header: texts.secrets.headerLetters,
  });
  expect(judged('', '').host).toBe(texts.domains.missing);
  expect(judgeBinding(UNBOUND)).toEqual({ host: null, header: null });
});
