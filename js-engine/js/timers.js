// Why this file exists: setTimeout and its relatives, process.nextTick, queueMicrotask, and the choice of what the
// event loop runs next. The loop itself is driven from outside (src/event_loop.rs): each call here runs at most one
// callback, so that a reply can leave for the host before anything else happens.
(function timers(engine) {
  'use strict';
  const { entries, natives } = engine;
  const { apply, expose, mapGet, mapSet, Map, Symbol, TypeError } = engine.primordials;

  const MAX_DELAY = 2147483647;
  const RAN = -1;
  const EMPTY = -2;

  const newQueue = () => ({ __proto__: null, first: undefined, last: undefined });
  const append = (queue, item) => {
    const link = { __proto__: null, item, next: undefined };
    if (queue.last === undefined) queue.first = link;
    else queue.last.next = link;
    queue.last = link;
  };
  const takeFirst = (queue) => {
    const { item, next } = queue.first;
    queue.first = next;
    if (next === undefined) queue.last = undefined;
    return item;
  };

  let loopTime; // as in libuv, time stands still while one round of the loop runs; 0 is "not read yet"
  let sequence; // keeps timers that are due at the same time in the order they were set
  let heap; // pairing heap of timers by (due, sequence): linked, because array elements can be intercepted
  let referenced; // timers and immediates that keep the event loop alive
  let immediates;
  let batch; // the immediates of this round; those they schedule wait for the next
  let ticks;
  let knownIds; // timers somebody turned into a number
  let lastId;
  let isArmed;
  let isRehearsal = false;

  const reset = () => {
    loopTime = sequence = referenced = lastId = 0;
    heap = knownIds = undefined;
    isArmed = false;
    immediates = newQueue();
    batch = newQueue();
    ticks = newQueue();
  };
  reset();

  // Without timers the event loop need not ask for them.
  const arm = () => {
    if (!isArmed) natives.armed();
    isArmed = true;
  };

  const now = () => {
    if (loopTime === 0) loopTime = natives.now();
    return loopTime;
  };

  const meld = (a, b) => {
    if (a === undefined) return b;
    if (b === undefined) return a;
    const aFirst = a.due < b.due || (a.due === b.due && a.sequence < b.sequence);
    const parent = aFirst ? a : b;
    const child = aFirst ? b : a;
    child.sibling = parent.child;
    parent.child = child;
    return parent;
  };

  // Takes the root out: melds its children pairwise, then the pairs from the last to the first.
  const removeFirst = () => {
    let pairs;
    let link = heap.child;
    while (link !== undefined) {
      const second = link.sibling;
      const rest = second === undefined ? undefined : second.sibling;
      link.sibling = undefined;
      if (second !== undefined) second.sibling = undefined;
      const pair = meld(link, second);
      pair.sibling = pairs;
      pairs = pair;
      link = rest;
    }
    heap = undefined;
    while (pairs !== undefined) {
      const next = pairs.sibling;
      pairs.sibling = undefined;
      heap = meld(heap, pairs);
      pairs = next;
    }
  };

  let unref;
  let isSet; // is this place in the heap still its timer's?
  let fire;
  let stopTimer;

  class Timeout {
    #callback;
    #args;
    #delay;
    #repeats;
    #place; // in the heap; undefined when the timer is not set
    #keepsAlive = true;
    #id;

    constructor(callback, delay, args, repeats) {
      delay *= 1;
      if (delay > MAX_DELAY) {
        const text = delay + ' does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.';
        engine.process.emitWarning(text, 'TimeoutOverflowWarning');
      }
      this.#callback = callback;
      this.#args = args;
      this.#delay = delay >= 1 && delay <= MAX_DELAY ? delay : 1;
      this.#repeats = repeats;
      this.#start();
    }

    #start() {
      if (this.#place === undefined && this.#keepsAlive) referenced++;
      const due = now() + this.#delay;
      this.#place = { __proto__: null, timer: this, due, sequence: sequence++, child: undefined, sibling: undefined };
      heap = meld(heap, this.#place);
      arm();
    }

    #stop() {
      if (this.#place !== undefined && this.#keepsAlive) referenced--;
      this.#place = undefined;
    }

    static {
      unref = (timer) => {
        if (!(#place in timer)) return;
        if (timer.#keepsAlive && timer.#place !== undefined) referenced--;
        timer.#keepsAlive = false;
      };
      isSet = (place) => place.timer.#place === place;
      stopTimer = (timer) => {
        if (typeof timer === 'object' && timer !== null && #place in timer) timer.#stop();
        else if (knownIds !== undefined && (typeof timer === 'number' || typeof timer === 'string')) {
          const known = mapGet(knownIds, +timer);
          if (known !== undefined) known.#stop();
        }
      };
      fire = (place) => {
        const { timer } = place;
        if (!timer.#repeats) timer.#stop();
        try {
          apply(timer.#callback, timer, timer.#args);
        } catch (error) {
          engine.uncaught(error);
        }
        if (!timer.#repeats || timer.#place !== place) return;
        // An interval goes on unless its callback cancelled or refreshed it, or wrote over what Node keeps of it there.
        if (timer._idleTimeout === -1 || timer._onTimeout === null) timer.#stop();
        else timer.#start();
      };
    }

    // Node lets anything be `this` here.
    ref() {
      if (!(#place in this)) return this;
      if (!this.#keepsAlive && this.#place !== undefined) referenced++;
      this.#keepsAlive = true;
      return this;
    }

    unref() {
      unref(this);
      return this;
    }

    hasRef() {
      return this.#keepsAlive;
    }

    refresh() {
      this.#start();
      return this;
    }

    close() {
      this.#stop();
      return this;
    }

    [Symbol.toPrimitive]() {
      if (this.#id === undefined) {
        this.#id = ++lastId;
        knownIds ??= new Map();
        mapSet(knownIds, this.#id, this);
      }
      return this.#id;
    }
  }

  let run;
  let stopImmediate;

  class Immediate {
    #callback;
    #args;
    #isPending = true;
    #keepsAlive = true;

    constructor(callback, args) {
      this.#callback = callback;
      this.#args = args;
      referenced++;
      append(immediates, this);
      arm();
    }

    static {
      stopImmediate = (immediate) => {
        if (typeof immediate !== 'object' || immediate === null || !(#isPending in immediate)) return false;
        const wasPending = immediate.#isPending;
        if (wasPending && immediate.#keepsAlive) referenced--;
        immediate.#isPending = false;
        return wasPending;
      };
      run = (immediate) => {
        if (!stopImmediate(immediate)) return false;
        try {
          apply(immediate.#callback, immediate, immediate.#args);
        } catch (error) {
          engine.uncaught(error);
        }
        return true;
      };
    }

    ref() {
      if (!this.#keepsAlive && this.#isPending) referenced++;
      this.#keepsAlive = true;
      return this;
    }

    unref() {
      if (this.#keepsAlive && this.#isPending) referenced--;
      this.#keepsAlive = false;
      return this;
    }

    hasRef() {
      return this.#keepsAlive;
    }
  }

  // Runs the next callback. RAN: call again once the promise jobs are done. EMPTY: nothing keeps the loop alive.
  // Anything else: nothing is due for that many microseconds.
  entries.macrotask = () => {
    for (;;) {
      while (batch.first !== undefined) {
        const ran = run(takeFirst(batch));
        if (batch.first === undefined) loopTime = 0;
        if (ran) return RAN;
      }
      while (heap !== undefined && !isSet(heap)) removeFirst();
      if (heap !== undefined && heap.due <= now()) {
        const place = heap;
        removeFirst();
        fire(place);
        return RAN;
      }
      // Immediates that do not keep the loop alive wait for something that does.
      if (referenced === 0) return EMPTY;
      if (immediates.first !== undefined) {
        batch = immediates;
        immediates = newQueue();
        continue;
      }
      if (heap === undefined) return EMPTY;
      loopTime = natives.now();
      if (heap.due > loopTime) {
        const wait = (heap.due - loopTime) * 1000;
        return wait < 1 ? 1 : wait;
      }
    }
  };

  // Runs the first callback of process.nextTick; says whether there are more.
  entries.tick = () => {
    const { callback, args } = takeFirst(ticks);
    try {
      apply(callback, undefined, args);
    } catch (error) {
      engine.uncaught(error);
    }
    return ticks.first !== undefined;
  };

  const requireFunction = (callback) => {
    if (typeof callback === 'function') return;
    const error = new TypeError('Callback must be a function');
    error.code = 'ERR_INVALID_CALLBACK';
    throw error;
  };

  const microtask = async (callback) => {
    await undefined;
    try {
      callback();
    } catch (error) {
      engine.uncaught(error);
    }
  };

  engine.nextTick = function nextTick(callback, ...args) {
    requireFunction(callback);
    append(ticks, { __proto__: null, callback, args });
    if (!isRehearsal) natives.tickQueued();
  };

  // Lets `work` catch up with what would have happened in turns of the event loop that are over. Its ticks and
  // immediates are its own: each `turn()` runs the immediates so far, and the ticks after each. Gives a function for
  // what is left of the immediates: whether this is their turn, or they wait for the next one with all others.
  engine.rehearse = (work) => {
    const others = { __proto__: null, immediates, ticks, isRehearsal };
    immediates = newQueue();
    ticks = newQueue();
    isRehearsal = true;
    const runTicks = () => {
      while (ticks.first !== undefined) entries.tick();
    };
    const turn = () => {
      const due = immediates;
      immediates = newQueue();
      while (due.first !== undefined) {
        run(takeFirst(due));
        runTicks();
      }
    };
    let left;
    try {
      work(turn);
      runTicks();
    } finally {
      left = immediates;
      ({ immediates, ticks, isRehearsal } = others);
    }
    return (isTheirTurn) => {
      while (left.first !== undefined) {
        if (isTheirTurn) run(takeFirst(left));
        else append(immediates, takeFirst(left));
      }
    };
  };

  engine.timers = {
    __proto__: null,
    setTimeout: function setTimeout(callback, delay, ...args) {
      requireFunction(callback);
      return new Timeout(callback, delay, args, false);
    },
    setInterval: function setInterval(callback, delay, ...args) {
      requireFunction(callback);
      return new Timeout(callback, delay, args, true);
    },
    setImmediate: function setImmediate(callback, ...args) {
      requireFunction(callback);
      return new Immediate(callback, args);
    },
    clearTimeout: function clearTimeout(timer) {
      stopTimer(timer);
    },
    clearInterval: function clearInterval(timer) {
      stopTimer(timer);
    },
    clearImmediate: function clearImmediate(immediate) {
      stopImmediate(immediate);
    },
  };
  for (const name in engine.timers) expose(name, engine.timers[name]);
  expose('queueMicrotask', function queueMicrotask(callback) {
    requireFunction(callback);
    microtask(callback);
  });

  engine.unrefTimer = (timer) => unref(timer);
  engine.hasTimers = () => referenced !== 0;
  engine.resetTimers = reset;
  // What is left are timers and immediates that do not keep the loop alive: of an invocation that is over.
  engine.dropTimers = () => {
    while (heap !== undefined) {
      stopTimer(heap.timer);
      removeFirst();
    }
    while (immediates.first !== undefined) stopImmediate(takeFirst(immediates));
    while (batch.first !== undefined) stopImmediate(takeFirst(batch));
    loopTime = 0;
    knownIds = undefined;
    isArmed = false;
  };
})
