// What the server's check found, as the marks that the editor draws under code.
import type { editor, MarkerSeverity } from 'monaco-editor/editor.js';
import type { Finding } from '../api/problem';

type Severities = Pick<typeof MarkerSeverity, 'Error' | 'Warning'>;

export function markersOf(findings: readonly Finding[], severities: Severities): editor.IMarkerData[] {
  return findings.map(({ severity, message, hint, code, line, column, endLine, endColumn }) => ({
    severity: severity === 'error' ? severities.Error : severities.Warning,
    message: hint ? `${message}\n${hint}` : message,
    code,
    source: 'lambkin',
    startLineNumber: line,
    startColumn: column,
    endLineNumber: Math.max(line, endLine),
    // Something without a width would not be seen.
    endColumn: endLine > line ? endColumn : Math.max(column + 1, endColumn),
  }));
}
