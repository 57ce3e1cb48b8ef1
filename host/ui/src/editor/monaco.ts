// The code editor, with what lambdas need of it: JavaScript and JSON, the workers from our own origin, and what the
// engine offers to a lambda as types. Loaded when the first editor is opened.
import * as monaco from 'monaco-editor/editor.js';
import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/javascript/javascript.js';
import 'monaco-editor/languages/definitions/javascript/register.js';
// With the rest, and not when a language is first met: the network may be gone by then.
import 'monaco-editor/languages/features/json/jsonMode.js';
import 'monaco-editor/languages/features/typescript/tsMode.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/language/json/json.worker.js?worker';
import ScriptWorker from 'monaco-editor/language/typescript/ts.worker.js?worker';
import * as json from 'monaco-editor/languages/features/json/register.js';
import * as typescript from 'monaco-editor/languages/features/typescript/register.js';
import lambdaTypes from '../../lambda-types.d.ts?raw';
import toolbeltTypes from '../../toolbelt-types.d.ts?raw';
import { learnTypes } from './types';

self.MonacoEnvironment = {
  getWorker(_id, label) {
    if (label === 'javascript' || label === 'typescript') return new ScriptWorker();
    if (label === 'json') return new JsonWorker();
    return new EditorWorker();
  },
};

const { javascriptDefaults, ScriptTarget, ModuleKind, ModuleResolutionKind } = typescript;
javascriptDefaults.setCompilerOptions({
  target: ScriptTarget.ESNext,
  module: ModuleKind.CommonJS,
  moduleResolution: ModuleResolutionKind.NodeJs,
  lib: ['esnext'],
  allowJs: true,
  checkJs: false,
  allowNonTsExtensions: true,
});
javascriptDefaults.addExtraLib(lambdaTypes, 'file:///lambda-types.d.ts');
javascriptDefaults.addExtraLib(toolbeltTypes, 'file:///toolbelt-types.d.ts');
// What is wrong with a lambda is the server's to say: it knows what the engine knows.
javascriptDefaults.setDiagnosticsOptions({
  noSemanticValidation: true,
  noSyntaxValidation: true,
  noSuggestionDiagnostics: true,
});
javascriptDefaults.setEagerModelSync(true);
json.jsonDefaults.setDiagnosticsOptions({ validate: true, allowComments: false, enableSchemaRequest: false });

/** What a function requires, from now on typed. */
export const knowTypesOf = (code: string) =>
  learnTypes(code, (text, path) => javascriptDefaults.addExtraLib(text, path));

let models = 0;

/** A text for an editor. Code has a place in the file system that TypeScript believes in, beside the packages. */
export function newModel(text: string, language: 'javascript' | 'json'): monaco.editor.ITextModel {
  models += 1;
  const place = language === 'javascript' ? monaco.Uri.parse(`file:///lambda-${models}.js`) : undefined;
  return monaco.editor.createModel(text, language, place);
}

export { monaco };
