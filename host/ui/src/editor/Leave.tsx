// Asks before unsaved work is left, inside of the application and outside.
import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { Confirm } from '../app/Confirm';
import { texts } from '../texts';

export function Leave({ isAsked }: { isAsked: boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isAsked && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!isAsked) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isAsked]);
  return (
    <Confirm
      title={texts.editor.leaveTitle}
      lead={texts.editor.leaveLead}
      action={texts.editor.leave}
      isOpen={blocker.state === 'blocked'}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    />
  );
}
