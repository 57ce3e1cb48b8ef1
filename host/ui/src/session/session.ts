// Who is signed in here. The session itself is a cookie that no script can read; what is kept beside it is what the
// pages show, and the token that proves to the server that a call comes from them.
import { useSyncExternalStore } from 'react';
import type { Permission } from './rights';

export interface Session {
  account: string;
  csrf: string;
  userId: string;
  loginName: string;
  privileges: Permission[];
  isOperator: boolean;
  mustChangePassword: boolean;
  /** Whose account an operator looks at. */
  managed?: string;
}

const KEY = 'lambkin.session';
const listeners = new Set<() => void>();
let current = read();
let isExpired = false;

function read(): Session | null {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? null : (JSON.parse(text) as Session);
  } catch {
    return null;
  }
}

function tell() {
  for (const listener of listeners) listener();
}

export const session = {
  get: () => current,
  isExpired: () => isExpired,
  begin(begun: Session) {
    current = begun;
    isExpired = false;
    localStorage.setItem(KEY, JSON.stringify(begun));
    tell();
  },
  end() {
    current = null;
    isExpired = false;
    localStorage.removeItem(KEY);
    tell();
  },
  /** The server no longer knows it. What is on the page stays, so that nothing unsaved is lost. */
  expire() {
    if (current === null || isExpired) return;
    isExpired = true;
    tell();
  },
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};

// Signing in or out in one tab counts in all of them.
if (typeof window !== 'undefined') {
  window.addEventListener('storage', (event) => {
    if (event.key !== KEY) return;
    current = read();
    isExpired = false;
    tell();
  });
}

export function useSession(): Session | null {
  return useSyncExternalStore(session.subscribe, session.get);
}

export function useIsExpired(): boolean {
  return useSyncExternalStore(session.subscribe, session.isExpired);
}

/** The account that pages are about. */
export function account(): string {
  return current?.managed ?? current?.account ?? '';
}
