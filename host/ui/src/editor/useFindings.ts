// The server's check, asked a moment after the last key; what is out of date is not waited for.
import { useEffect, useState } from 'react';
import { checkCode } from '../api/lambdas';
import type { Finding } from '../api/problem';

const MOMENT = 350;

export interface Checked {
  findings: readonly Finding[];
  state: 'checking' | 'done' | 'unreachable';
}

const NOTHING: readonly Finding[] = [];

export function useFindings(code: string | null): Checked {
  const [checked, setChecked] = useState<Checked>({ findings: NOTHING, state: 'done' });
  useEffect(() => {
    if (code === null) return;
    const abandon = new AbortController();
    const timer = setTimeout(async () => {
      setChecked((before) => ({ ...before, state: 'checking' }));
      try {
        const { findings } = await checkCode(code, abandon.signal);
        if (!abandon.signal.aborted) setChecked({ findings, state: 'done' });
      } catch {
        if (!abandon.signal.aborted) setChecked({ findings: NOTHING, state: 'unreachable' });
      }
    }, MOMENT);
    return () => {
      clearTimeout(timer);
      abandon.abort();
    };
  }, [code]);
  return checked;
}
