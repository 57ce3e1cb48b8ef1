// Two versions of code beside each other.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { monaco } from './monaco';

export interface DiffEditorProps {
  before: string;
  after: string;
  label: string;
  height: string;
}

export default function DiffEditor({ before, after, label, height }: DiffEditorProps) {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (frame.current === null) return;
    const made = monaco.editor.createDiffEditor(frame.current, {
      readOnly: true,
      originalAriaLabel: label,
      modifiedAriaLabel: label,
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      hideUnchangedRegions: { enabled: true },
      useInlineViewWhenSpaceIsLimited: true,
      fontSize: 13,
    });
    const original = monaco.editor.createModel(before, 'javascript');
    const modified = monaco.editor.createModel(after, 'javascript');
    made.setModel({ original, modified });
    return () => {
      made.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [before, after, label]);

  useEffect(() => monaco.editor.setTheme(scheme === 'dark' ? 'vs-dark' : 'vs'), [scheme]);

  return <div ref={frame} className="code-frame" style={{ height }} />;
}
