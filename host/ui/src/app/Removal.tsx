// Asks before something is deleted, deletes it, and tells that it is gone.
import type { UseMutationResult } from '@tanstack/react-query';
import { texts } from '../texts';
import { Confirm } from './Confirm';
import { tell } from './notify';

interface Props<Id> {
  title: string;
  lead: string;
  action?: string;
  id: Id;
  mutation: UseMutationResult<unknown, Error, Id>;
  done: string;
  onClose: () => void;
}

export function Removal<Id>({ title, lead, action = texts.delete, id, mutation, done, onClose }: Props<Id>) {
  const remove = () =>
    mutation.mutate(id, {
      onSuccess: () => {
        tell(done);
        onClose();
      },
    });
  return (
    <Confirm
      title={title}
      lead={lead}
      action={action}
      isOpen
      isBusy={mutation.isPending}
      error={mutation.error}
      onConfirm={remove}
      onClose={onClose}
    />
  );
}
