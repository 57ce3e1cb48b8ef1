// An editor for code or JSON. The text lives in the editor; the page hears of changes.
import { useComputedColorScheme } from '@mantine/core';
import type * as Monaco from 'monaco-editor/editor.js';
import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { Finding } from '../api/problem';
import { completeInput } from './completions';
import { markersOf } from './markers';
import { knowTypesOf, monaco, newModel } from './monaco';

/** How long after the last key the code is looked through for what it requires. */
const MOMENT = 500;

export interface CodeEditorProps {
  /** The text to begin with; and with each new revision, the text to go on with. In between, the editor knows best: a
   *  page that lags behind somebody's typing must not take it back. */
  value: string;
  revision?: number;
  label: string;
  language: 'javascript' | 'json';
  height: string;
  isReadOnly?: boolean;
  findings?: readonly Finding[];
  /** The example of what the lambda is called with, for suggestions. */
  sample?: unknown;
  /** A place to show; a new object shows it again. */
  place?: { line: number; column: number } | null;
  onChange?: (value: string) => void;
  onSave?: () => void;
}

export default function CodeEditor(props: CodeEditorProps) {
  const { value, label, language, height, isReadOnly = false, findings, sample, place, revision = 0 } = props;
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const frame = useRef<HTMLDivElement>(null);
  const editor = useRef<Monaco.editor.IStandaloneCodeEditor | null>(null);
  // Told to what the page does now, not to what it did when the editor was made.
  const latest = useRef(props);
  latest.current = props;

  // Made once; what changes later has effects of its own.
  useEffect(() => {
    if (frame.current === null) return;
    const made = monaco.editor.create(frame.current, {
      model: newModel(value, language),
      readOnly: isReadOnly,
      ariaLabel: label,
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      fontSize: 13,
      tabSize: 2,
      fixedOverflowWidgets: true,
      // Only code is indented with Tab; out of an input it leads on, as out of every field.
      tabFocusMode: language === 'json',
      theme: scheme === 'dark' ? 'vs-dark' : 'vs',
      unicodeHighlight: { ambiguousCharacters: false },
    });
    const learn = () => {
      if (language === 'javascript') void knowTypesOf(made.getValue());
    };
    learn();
    let later: ReturnType<typeof setTimeout> | undefined;
    made.onDidChangeModelContent(({ isFlush }) => {
      const tell = () => latest.current.onChange?.(made.getValue());
      // A paste arrives outside of any event, and React would take its time with it: a button pressed at once would
      // still do its work with what stood there before. A flush is the page's own doing.
      if (isFlush) tell();
      else flushSync(tell);
      clearTimeout(later);
      later = setTimeout(learn, MOMENT);
    });
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, () => latest.current.onSave?.());
    editor.current = made;
    return () => {
      clearTimeout(later);
      made.getModel()?.dispose();
      made.dispose();
      editor.current = null;
    };
  }, []);

  useEffect(() => {
    const made = editor.current;
    const wanted = latest.current.value;
    if (revision > 0 && made !== null && made.getValue() !== wanted) made.setValue(wanted);
  }, [revision]);

  useEffect(
    () => editor.current?.updateOptions({ readOnly: isReadOnly, ariaLabel: label }),
    [isReadOnly, label],
  );
  useEffect(() => monaco.editor.setTheme(scheme === 'dark' ? 'vs-dark' : 'vs'), [scheme]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (model)
      monaco.editor.setModelMarkers(model, 'lambkin', markersOf(findings ?? [], monaco.MarkerSeverity));
  }, [findings]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (language !== 'javascript' || sample === undefined || !model) return;
    const provider = completeInput(monaco, model, sample);
    return () => provider.dispose();
  }, [language, sample]);

  useEffect(() => {
    if (!place || editor.current === null) return;
    editor.current.setPosition({ lineNumber: place.line, column: place.column });
    editor.current.revealLineInCenter(place.line);
    editor.current.focus();
  }, [place]);

  return <div ref={frame} className="code-frame" style={{ height }} />;
}
