// Colours and type. What differs from the library's own is there for contrast (WCAG AA) in both themes.
import { type CSSVariablesResolver, createTheme, TableScrollContainer } from '@mantine/core';
import { texts } from '../texts';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, monospace',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // What scrolls must be reachable by keyboard.
    TableScrollContainer: TableScrollContainer.extend({
      defaultProps: {
        scrollAreaProps: { viewportProps: { tabIndex: 0, role: 'region', 'aria-label': texts.table } },
      },
    }),
  },
});

/** The library's own dimmed and error texts are too pale on white and too dark on black. */
export const readable: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-error': colors.red[9],
    '--mantine-color-placeholder': colors.gray[7],
    '--mantine-color-anchor': colors.indigo[8],
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[0],
    '--mantine-color-error': colors.red[4],
    '--mantine-color-placeholder': colors.dark[1],
    '--mantine-color-anchor': colors.indigo[3],
  },
});
