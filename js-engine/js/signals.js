// Why this file exists: AbortController and AbortSignal, on top of js/events.js: what ends an operation before its
// time.
// Standard: dom.spec.whatwg.org.
(function signals(engine) {
  'use strict';
  const { dispatch, trust } = engine.events;
  const { arrayPush, exposeClass, listOf, DOMException, RangeError, TypeError } = engine.primordials;
  const { Event, EventTarget } = globalThis;

  const LONGEST_WAIT = 2 ** 31 - 1; // of a timer
  const MOST = 2 ** 53 - 1;

  let onAbort; // (signal, action): at once when it was aborted before; returns what takes the action back
  let abort;
  let follow;
  let newFollower;
  let newSignal;
  let isSignal;
  const KEY = {};

  class AbortSignal extends EventTarget {
    #aborted = false;
    #reason;
    #first; // actions of the platform's own, which come before events
    #handler = null;
    #sources; // of one that any() made: signals that no any() made
    #followers; // linked, in the order of their making

    constructor(key) {
      if (key !== KEY) throw new TypeError('Illegal constructor');
      super();
    }

    static {
      newSignal = () => new AbortSignal(KEY);
      isSignal = (value) => typeof value === 'object' && value !== null && #aborted in value;
      onAbort = (signal, action) => {
        if (!isSignal(signal)) throw new TypeError('The "signal" option must be an AbortSignal');
        if (signal.#aborted) {
          action(signal.#reason);
          return () => {};
        }
        const link = { __proto__: null, action, next: signal.#first };
        signal.#first = link;
        return () => {
          link.action = undefined;
          if (signal.#first === link) signal.#first = link.next;
        };
      };
      // Those that follow are aborted before anybody hears of it, and are heard of after it.
      const mark = (signal, reason) => {
        signal.#aborted = true;
        signal.#reason = reason;
      };
      const tell = (signal) => {
        let link = signal.#first;
        signal.#first = undefined;
        for (; link !== undefined; link = link.next) {
          if (link.action !== undefined) link.action(signal.#reason);
        }
        const handler = typeof signal.#handler === 'function' ? signal.#handler : undefined;
        dispatch(signal, trust(new Event('abort')), handler);
      };
      abort = (signal, reason) => {
        if (signal.#aborted) return;
        mark(signal, reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason);
        const following = [];
        for (let link = signal.#followers; link !== undefined; link = link.next) {
          if (link.signal.#aborted) continue;
          mark(link.signal, signal.#reason);
          arrayPush(following, link.signal);
        }
        signal.#followers = undefined;
        tell(signal);
        for (let i = 0; i < following.length; i++) tell(following[i]);
      };
      // A signal that follows others follows those that they follow: nobody follows a follower.
      follow = (signal, source) => {
        const own = source.#sources;
        if (own !== undefined) {
          for (let i = 0; i < own.length; i++) follow(signal, own[i]);
          return;
        }
        arrayPush(signal.#sources, source);
        const link = { __proto__: null, signal, next: undefined };
        let last = source.#followers;
        if (last === undefined) source.#followers = link;
        else {
          while (last.next !== undefined) last = last.next;
          last.next = link;
        }
      };
      newFollower = () => {
        const signal = newSignal();
        signal.#sources = [];
        return signal;
      };
    }

    get aborted() {
      return this.#aborted;
    }
    get reason() {
      return this.#reason;
    }
    get onabort() {
      return this.#handler;
    }
    set onabort(handler) {
      this.#handler = typeof handler === 'function' || typeof handler === 'object' ? handler : null;
    }
    throwIfAborted() {
      if (this.#aborted) throw this.#reason;
    }

    static abort(reason = undefined) {
      const signal = newSignal();
      abort(signal, reason);
      return signal;
    }
    static timeout(milliseconds) {
      const wait = +milliseconds;
      if (!(wait >= 0 && wait <= MOST)) throw new RangeError('The "milliseconds" argument is out of range');
      const signal = newSignal();
      const expire = () => {
        abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      };
      engine.unrefTimer(engine.timers.setTimeout(expire, wait < LONGEST_WAIT ? wait : LONGEST_WAIT));
      return signal;
    }
    static any(signals) {
      const all = listOf(signals);
      for (let i = 0; i < all.length; i++) {
        if (!isSignal(all[i])) throw new TypeError('The "signals" argument must hold AbortSignals only');
      }
      for (let i = 0; i < all.length; i++) if (all[i].#aborted) return AbortSignal.abort(all[i].#reason);
      const signal = newFollower();
      for (let i = 0; i < all.length; i++) follow(signal, all[i]);
      return signal;
    }
  }

  class AbortController {
    #signal = newSignal();

    get signal() {
      return this.#signal;
    }
    abort(reason = undefined) {
      abort(this.#signal, reason);
    }
  }

  exposeClass(AbortSignal);
  exposeClass(AbortController);
  engine.onAbort = onAbort;
  engine.isSignal = isSignal;
  engine.newSignal = newSignal;
})
