import { describe, expect, it } from 'vitest';
import { learnTypes, packsFor } from './types';

describe('types', () => {
  it("are Node's, and those of the packages that the code requires", () => {
    expect(packsFor('')).toHaveLength(1);
    expect(packsFor('const _ = require("lodash"), fs = require(`fs`);')).toHaveLength(2);
    const calls = "require('request'); require ( 'request-promise-native' ); require('toString')";
    expect(packsFor(calls)).toHaveLength(2);
  });

  it('are loaded once, and again after a failure', async () => {
    const asked: string[] = [];
    const learned: string[] = [];
    let isOffline = true;
    const load = async (address: string) => {
      asked.push(address);
      if (isOffline) throw new Error('offline');
      return { [`${address}.d.ts`]: 'declare const x: 1;' };
    };
    const learn = (_text: string, path: string) => void learned.push(path);
    await learnTypes("require('luxon')", learn, load);
    expect([asked.length, learned.length]).toEqual([2, 0]);
    isOffline = false;
    await learnTypes("require('luxon')", learn, load);
    await learnTypes("require('luxon')", learn, load);
    expect([asked.length, learned.length]).toEqual([4, 2]);
  });
});
