// Why this file exists: Event and EventTarget as far as there is no tree of targets, and on top of them AbortController
// and AbortSignal. Standard: dom.spec.whatwg.org.
(function events(engine) {
  'use strict';
  const { apply, defineProperty, expose, listOf, DOMException, String, Symbol, TypeError } =
    engine.primordials;

  let beginDispatch;
  let isStopped;

  class Event {
    #type;
    #cancelable;
    #bubbles;
    #composed;
    #prevented = false;
    #stopped = false;
    #target = null;
    #passive = false;
    #time = engine.natives.uptime();

    constructor(type, init = undefined) {
      if (arguments.length === 0) throw new TypeError('The "type" argument must be specified');
      this.#type = String(type);
      this.#bubbles = !!init?.bubbles;
      this.#cancelable = !!init?.cancelable;
      this.#composed = !!init?.composed;
    }

    static {
      beginDispatch = (event, target, isPassive) => {
        event.#target = target;
        event.#passive = isPassive;
      };
      isStopped = (event) => event.#stopped;
    }

    get type() {
      return this.#type;
    }
    get target() {
      return this.#target;
    }
    get currentTarget() {
      return this.#target;
    }
    get srcElement() {
      return this.#target;
    }
    get bubbles() {
      return this.#bubbles;
    }
    get cancelable() {
      return this.#cancelable;
    }
    get composed() {
      return this.#composed;
    }
    get defaultPrevented() {
      return this.#prevented;
    }
    get returnValue() {
      return !this.#prevented;
    }
    get eventPhase() {
      return 0;
    }
    get isTrusted() {
      return false;
    }
    get timeStamp() {
      return this.#time;
    }
    composedPath() {
      return this.#target === null ? [] : [this.#target];
    }
    preventDefault() {
      if (this.#cancelable && !this.#passive) this.#prevented = true;
    }
    stopPropagation() {}
    stopImmediatePropagation() {
      this.#stopped = true;
    }
  }

  class EventTarget {
    #first; // linked, because array elements can be intercepted

    addEventListener(type, callback, options = undefined) {
      if (callback === null || callback === undefined) return;
      if (typeof callback !== 'function' && typeof callback !== 'object') {
        throw new TypeError('The "listener" argument must be a function or an object');
      }
      const isCapture = typeof options === 'object' && options !== null ? !!options.capture : !!options;
      const signal = options?.signal;
      if (signal?.aborted) return;
      const name = String(type);
      let last;
      for (let link = this.#first; link !== undefined; link = link.next) {
        if (link.type === name && link.callback === callback && link.isCapture === isCapture) return;
        last = link;
      }
      const link = { __proto__: null, type: name, callback, isCapture, once: false, passive: false, next: undefined };
      link.once = !!options?.once;
      link.passive = !!options?.passive;
      if (last === undefined) this.#first = link;
      else last.next = link;
      if (signal !== undefined) onAbort(signal, () => this.#remove(link));
    }

    removeEventListener(type, callback, options = undefined) {
      const isCapture = typeof options === 'object' && options !== null ? !!options.capture : !!options;
      const name = String(type);
      for (let link = this.#first; link !== undefined; link = link.next) {
        if (link.type === name && link.callback === callback && link.isCapture === isCapture) this.#remove(link);
      }
    }

    #remove(gone) {
      gone.callback = undefined;
      if (this.#first === gone) this.#first = gone.next;
      for (let link = this.#first; link !== undefined; link = link.next) {
        if (link.next === gone) link.next = gone.next;
      }
    }

    dispatchEvent(event) {
      const { type } = event;
      beginDispatch(event, this, false);
      let last = this.#first;
      while (last?.next !== undefined) last = last.next;
      for (let link = this.#first; link !== undefined && !isStopped(event); link = link.next) {
        const { callback } = link;
        if (link.type === type && callback !== undefined) {
          if (link.once) this.#remove(link);
          beginDispatch(event, this, link.passive);
          try {
            if (typeof callback === 'function') apply(callback, this, [event]);
            else callback.handleEvent(event);
          } catch (error) {
            engine.uncaught(error);
          }
        }
        // Listeners that are added meanwhile wait for the next event.
        if (link === last) break;
      }
      return !event.defaultPrevented;
    }
  }

  let onAbort; // (signal, action): at once when it was aborted before; returns what takes the action back
  let abort;
  let newSignal;
  let isSignal;
  const KEY = {};

  class AbortSignal extends EventTarget {
    #aborted = false;
    #reason;
    #first; // actions of the platform's own, which come before events
    #handler = null;

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
      abort = (signal, reason) => {
        if (signal.#aborted) return;
        signal.#aborted = true;
        signal.#reason = reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
        let link = signal.#first;
        signal.#first = undefined;
        for (; link !== undefined; link = link.next) {
          if (link.action !== undefined) link.action(signal.#reason);
        }
        const event = new Event('abort');
        if (typeof signal.#handler === 'function') {
          beginDispatch(event, signal, false);
          try {
            apply(signal.#handler, signal, [event]);
          } catch (error) {
            engine.uncaught(error);
          }
        }
        apply(EventTarget.prototype.dispatchEvent, signal, [event]);
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
      this.#handler = handler;
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
      const signal = newSignal();
      const expire = () => {
        abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      };
      engine.unrefTimer(engine.timers.setTimeout(expire, milliseconds));
      return signal;
    }
    static any(signals) {
      const all = listOf(signals);
      const signal = newSignal();
      for (let i = 0; i < all.length; i++) onAbort(all[i], (reason) => abort(signal, reason));
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

  const types = [Event, EventTarget, AbortSignal, AbortController];
  for (let i = 0; i < types.length; i++) {
    const type = types[i];
    defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true });
    expose(type.name, type);
  }
  engine.onAbort = onAbort;
  engine.isSignal = isSignal;
  engine.newSignal = newSignal;
})
