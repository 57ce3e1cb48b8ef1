// Short news at the edge of the page; screen readers hear them.
import { notifications } from '@mantine/notifications';
import { asProblem } from '../api/problem';
import { texts } from '../texts';

const closeButtonProps = { 'aria-label': texts.close };

export function tell(message: string): void {
  notifications.show({ message, color: 'teal.9', closeButtonProps });
}

export function complain(error: unknown, title?: string): void {
  const problem = asProblem(error);
  const message = `${problem.message} ${problem.hint}`;
  notifications.show({ title, message, color: 'red.9', autoClose: 10_000, role: 'alert', closeButtonProps });
}
