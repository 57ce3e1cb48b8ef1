// Saving, with what can come in between: nothing changed, somebody else was faster, the code is refused.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Lambda, lambdaQuery, readLambda, saveLambda } from '../api/lambdas';
import { asProblem } from '../api/problem';
import { tell } from '../app/notify';
import { account } from '../session/session';
import { texts } from '../texts';
import { type Draft, withDraft } from './draft';

export interface Saving {
  /** What the draft is compared with. */
  base: Lambda;
  isBusy: boolean;
  error: unknown;
  /** What somebody else has saved meanwhile. */
  theirs: Lambda | null;
  save: (draft: Draft) => Promise<boolean>;
  /** Goes on from what somebody else has saved. */
  rebase: (onto: Lambda) => void;
  dismiss: () => void;
}

export function useSaving(lambda: Lambda): Saving {
  const client = useQueryClient();
  const [base, setBase] = useState(lambda);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [theirs, setTheirs] = useState<Lambda | null>(null);

  const adopt = (saved: Lambda) => {
    setBase(saved);
    client.setQueryData(lambdaQuery(saved.uuid).queryKey, saved);
    void client.invalidateQueries({ queryKey: [account(), 'lambdas'] });
  };

  const put = async (over: Lambda, draft: Draft): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      const saved = await saveLambda(withDraft(over, draft));
      adopt(saved ?? over);
      tell(saved === null ? texts.editor.unchanged : texts.editor.saved);
      setTheirs(null);
      return true;
    } catch (failure) {
      const newest = asProblem(failure).status === 409 ? await readLambda(over.uuid).catch(() => null) : null;
      if (newest !== null && newest.version !== over.version) setTheirs(newest);
      else setError(failure);
      return false;
    } finally {
      setBusy(false);
    }
  };

  return {
    base,
    isBusy,
    error,
    theirs,
    save: (draft) => put(theirs ?? base, draft),
    rebase: (onto) => {
      adopt(onto);
      setTheirs(null);
      setError(null);
    },
    dismiss: () => setTheirs(null),
  };
}
