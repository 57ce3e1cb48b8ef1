// A JSON value as a tree. What is closed is not drawn, and of what has many entries a hundred at a time: a result of
// megabytes costs what is looked at.
import { useState } from 'react';
import { texts } from '../texts';
import { cut } from './size';

const PAGE = 100;
const MAX_TEXT = 2_000;

interface Props {
  value: unknown;
  label: string;
  /** How many levels are open at first. */
  depth?: number;
}

export function JsonTree({ value, label, depth = 2 }: Props) {
  return (
    <section className="tree" aria-label={label} tabIndex={0}>
      <Node value={value} depth={depth} />
    </section>
  );
}

function Node({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  if (typeof value === 'object' && value !== null) return <Branch name={name} value={value} depth={depth} />;
  return (
    <>
      <Name name={name} />
      <Leaf value={value} />
    </>
  );
}

function Name({ name }: { name?: string }) {
  return name === undefined ? null : (
    <>
      <span className="key">{name}</span>:{' '}
    </>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value !== 'string')
    return <span className="plain">{value === undefined ? 'undefined' : String(value)}</span>;
  const { shown, isCut } = cut(value, MAX_TEXT);
  return (
    <span className="string">
      {JSON.stringify(shown)}
      {isCut && ' …'}
    </span>
  );
}

function Branch({ name, value, depth }: { name?: string; value: object; depth: number }) {
  const [isOpen, setOpen] = useState(depth > 0);
  const [many, setMany] = useState(PAGE);
  const isArray = Array.isArray(value);
  const keys = isArray ? null : Object.keys(value);
  const length = isArray ? value.length : (keys?.length ?? 0);
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  if (length === 0) {
    return (
      <>
        <Name name={name} />
        {open}
        {close}
      </>
    );
  }
  const drawn = isOpen ? Math.min(many, length) : 0;
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-label={texts.tree.toggle(name ?? (isArray ? 'list' : 'object'))}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? '▾ ' : '▸ '}
        <Name name={name} />
        {open}
        {!isOpen && ` ${texts.tree.items(length)} ${close}`}
      </button>
      {isOpen && (
        <>
          <ul>
            {Array.from({ length: drawn }, (_, n) => {
              const key = keys === null ? String(n) : (keys[n] ?? '');
              return (
                <li key={key}>
                  <Node name={key} value={(value as Record<string, unknown>)[key]} depth={depth - 1} />
                </li>
              );
            })}
            {drawn < length && (
              <li>
                <button type="button" onClick={() => setMany(many + PAGE)}>
                  {texts.tree.more(Math.min(PAGE, length - drawn))} …
                </button>
              </li>
            )}
          </ul>
          {close}
        </>
      )}
    </>
  );
}
