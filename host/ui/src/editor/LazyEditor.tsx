// The editors behind a door: their code is many times that of everything else and is loaded when it is needed.
import { Center, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { texts } from '../texts';
import type { CodeEditorProps } from './CodeEditor';
import type { DiffEditorProps } from './DiffEditor';

const Editor = lazy(() => import('./CodeEditor'));
const Difference = lazy(() => import('./DiffEditor'));

function Door({ height }: { height: string }) {
  return (
    <Center className="code-frame" style={{ height }}>
      <Loader role="status" aria-label={texts.editor.loading} />
    </Center>
  );
}

export function LazyEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Door height={props.height} />}>
      <Editor {...props} />
    </Suspense>
  );
}

export function LazyDiff(props: DiffEditorProps) {
  return (
    <Suspense fallback={<Door height={props.height} />}>
      <Difference {...props} />
    </Suspense>
  );
}
