// Why this file exists: Event, CustomEvent and EventTarget as far as there is no tree of targets.
// Standard: dom.spec.whatwg.org.
(function events(engine) {
  'use strict';
  const { apply, defineProperty, exposeClass, getOwnPropertyDescriptor, textOf } = engine.primordials;
  const { DOMException, TypeError } = engine.primordials;

  const NONE = 0;
  const AT_TARGET = 2;

  let beginCall;
  let beginDispatch;
  let endDispatch;
  let isEvent;
  let isStopped;
  let trust;

  // The one attribute a script cannot take the place of: every event has it as its own, with one getter for all.
  let isTrusted;

  class Event {
    #type = '';
    #cancelable = false;
    #bubbles = false;
    #composed = false;
    #prevented = false;
    #propagates = true;
    #stopped = false;
    #dispatched = false;
    #trusted = false;
    #target = null;
    #passive = false;
    #time = engine.natives.uptime();

    constructor(type, init = undefined) {
      if (arguments.length === 0) throw new TypeError('The "type" argument must be specified');
      if (init !== undefined && init !== null && typeof init !== 'object' && typeof init !== 'function') {
        throw new TypeError('The "init" argument must be an object');
      }
      this.#type = textOf(type);
      this.#bubbles = !!init?.bubbles;
      this.#cancelable = !!init?.cancelable;
      this.#composed = !!init?.composed;
      defineProperty(this, 'isTrusted', isTrusted);
    }

    static {
      beginDispatch = (event, target) => {
        if (event.#dispatched) throw new DOMException('The event is already being dispatched', 'InvalidStateError');
        event.#target = target;
        event.#dispatched = true;
      };
      beginCall = (event, isPassive) => {
        event.#passive = isPassive;
      };
      endDispatch = (event) => {
        event.#dispatched = false;
        event.#passive = false;
        event.#propagates = true;
        event.#stopped = false;
        return !event.#prevented;
      };
      isEvent = (value) => typeof value === 'object' && value !== null && #type in value;
      isStopped = (event) => event.#stopped;
      trust = (event) => {
        event.#trusted = true;
        return event;
      };
      const holder = {
        get isTrusted() {
          return this.#trusted;
        },
      };
      isTrusted = { __proto__: null, enumerable: true, configurable: false };
      isTrusted.get = getOwnPropertyDescriptor(holder, 'isTrusted').get;
    }

    get type() {
      return this.#type;
    }
    get target() {
      return this.#target;
    }
    get currentTarget() {
      return this.#dispatched ? this.#target : null;
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
    set returnValue(value) {
      if (!value) this.preventDefault();
    }
    get cancelBubble() {
      return !this.#propagates;
    }
    set cancelBubble(value) {
      if (value) this.stopPropagation();
    }
    get eventPhase() {
      return this.#dispatched ? AT_TARGET : NONE;
    }
    get timeStamp() {
      return this.#time;
    }
    composedPath() {
      return this.#dispatched ? [this.#target] : [];
    }
    preventDefault() {
      if (this.#cancelable && !this.#passive) this.#prevented = true;
    }
    // A target has no parents an event could go on to.
    stopPropagation() {
      this.#propagates = false;
    }
    stopImmediatePropagation() {
      this.#propagates = false;
      this.#stopped = true;
    }
    initEvent(type, bubbles = false, cancelable = false) {
      if (arguments.length === 0) throw new TypeError('The "type" argument must be specified');
      if (this.#dispatched) return;
      this.#type = textOf(type);
      this.#bubbles = !!bubbles;
      this.#cancelable = !!cancelable;
      this.#prevented = false;
      this.#propagates = true;
      this.#stopped = false;
      this.#trusted = false;
      this.#target = null;
    }
  }
  const phases = { __proto__: null, NONE, CAPTURING_PHASE: 1, AT_TARGET, BUBBLING_PHASE: 3 };
  for (const phase in phases) {
    const constant = { __proto__: null, value: phases[phase], enumerable: true };
    defineProperty(Event, phase, constant);
    defineProperty(Event.prototype, phase, constant);
  }

  class CustomEvent extends Event {
    #detail;

    constructor(type, init = undefined) {
      if (arguments.length === 0) throw new TypeError('The "type" argument must be specified');
      super(type, init);
      this.#detail = init?.detail ?? null;
    }

    get detail() {
      return this.#detail;
    }
    initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
      if (arguments.length === 0) throw new TypeError('The "type" argument must be specified');
      if (this.eventPhase !== NONE) return;
      this.initEvent(type, bubbles, cancelable);
      this.#detail = detail;
    }
  }

  let dispatch;

  class EventTarget {
    #first; // linked, because array elements can be intercepted

    addEventListener(type, callback, options = undefined) {
      const isNone = callback === null || callback === undefined;
      if (!isNone && typeof callback !== 'function' && typeof callback !== 'object') {
        throw new TypeError('The "listener" argument must be a function or an object');
      }
      const link = { __proto__: null, type: textOf(type), callback, isCapture: false, once: false, passive: false };
      link.next = undefined;
      let signal;
      if (typeof options === 'object' && options !== null) {
        link.isCapture = !!options.capture;
        link.once = !!options.once;
        link.passive = !!options.passive;
        ({ signal } = options);
        if (signal !== undefined && !engine.isSignal(signal)) {
          throw new TypeError('The "signal" option must be an AbortSignal');
        }
      } else link.isCapture = !!options;
      if (isNone || signal?.aborted) return;
      let last;
      for (let other = this.#first; other !== undefined; other = other.next) {
        if (other.type === link.type && other.callback === callback && other.isCapture === link.isCapture) return;
        last = other;
      }
      if (last === undefined) this.#first = link;
      else last.next = link;
      if (signal !== undefined) engine.onAbort(signal, () => this.#remove(link));
    }

    removeEventListener(type, callback, options = undefined) {
      const isCapture = typeof options === 'object' && options !== null ? !!options.capture : !!options;
      const name = textOf(type);
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
      if (!isEvent(event)) {
        throw new TypeError('The "event" argument must be an Event');
      }
      return this.#dispatch(event, undefined);
    }

    // A handler, which is none of the listeners, comes first.
    #dispatch(event, handler) {
      const { type } = event;
      beginDispatch(event, this);
      let last = this.#first;
      while (last?.next !== undefined) last = last.next;
      if (handler !== undefined) this.#call(handler, event, false);
      for (let link = this.#first; link !== undefined && !isStopped(event); link = link.next) {
        const { callback } = link;
        if (link.type === type && callback !== undefined) {
          if (link.once) this.#remove(link);
          this.#call(callback, event, link.passive);
        }
        // Listeners that are added meanwhile wait for the next event.
        if (link === last) break;
      }
      return endDispatch(event);
    }

    #call(callback, event, isPassive) {
      beginCall(event, isPassive);
      try {
        if (typeof callback === 'function') apply(callback, this, [event]);
        else callback.handleEvent(event);
      } catch (error) {
        engine.uncaught(error);
      }
    }

    static {
      dispatch = (target, event, handler) => target.#dispatch(event, handler);
    }
  }

  exposeClass(Event);
  exposeClass(CustomEvent);
  exposeClass(EventTarget);
  engine.events = { __proto__: null, dispatch, trust };
})
