// Why this file exists: how one goes over Headers and FormData. Their iterators see what changes meanwhile, as Web IDL
// has it: the place counts, not the pair.
(function pairIterators(engine) {
  'use strict';
  const { apply, arrayValues, defineProperty, deleteProperty, getPrototypeOf } = engine.primordials;
  const { Object, Symbol, TypeError } = engine.primordials;

  const iteratorPrototype = getPrototypeOf(getPrototypeOf(arrayValues([])));

  // `pairsOf(self)` is a list of [name, value], and throws for what is none of `type`'s.
  engine.goOverPairs = (type, pairsOf) => {
    const BOTH = 2;

    class Pairs {
      #self;
      #what; // 0: names, 1: values
      #at = 0;

      constructor(self, what) {
        pairsOf(self);
        this.#self = self;
        this.#what = what;
      }

      next() {
        const pairs = pairsOf(this.#self);
        if (this.#at >= pairs.length) return { value: undefined, done: true };
        const pair = pairs[this.#at++];
        return { value: this.#what === BOTH ? [pair[0], pair[1]] : pair[this.#what], done: false };
      }
    }
    deleteProperty(Pairs.prototype, 'constructor');
    defineProperty(Pairs.prototype, 'next', { enumerable: true });
    defineProperty(Pairs.prototype, Symbol.toStringTag, { value: type.name + ' Iterator', configurable: true });
    Object.setPrototypeOf(Pairs.prototype, iteratorPrototype);

    const methods = {
      keys() {
        return new Pairs(this, 0);
      },
      values() {
        return new Pairs(this, 1);
      },
      entries() {
        return new Pairs(this, BOTH);
      },
      forEach(callback, self = undefined) {
        pairsOf(this);
        if (typeof callback !== 'function') throw new TypeError(type.name + ': forEach needs a function');
        for (let i = 0; i < pairsOf(this).length; i++) {
          const pair = pairsOf(this)[i];
          apply(callback, self, [pair[1], pair[0], this]);
        }
      },
    };
    const names = ['keys', 'values', 'entries', 'forEach'];
    for (let i = 0; i < names.length; i++) {
      defineProperty(type.prototype, names[i], { value: methods[names[i]], writable: true, configurable: true });
    }
    const iterate = { value: methods.entries, writable: true, enumerable: false, configurable: true };
    defineProperty(type.prototype, Symbol.iterator, iterate);
  };
})
