// A list of things with their properties in columns. On a narrow screen each thing is a block and every property says
// its name, so that nothing is off the screen.
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** What is told to whoever points at the cell. */
  hint?: (row: T) => string | undefined;
}

interface Props<T> {
  rows: readonly T[];
  id: (row: T) => string;
  /** A column that somebody may not see is `false`. */
  columns: (Column<T> | false)[];
}

export function Rows<T>({ rows, id, columns }: Props<T>) {
  const shown = columns.filter((column) => column !== false);
  return (
    // The roles again: what is laid out as blocks is a table for nobody but the eye otherwise.
    <Table className="rows" role="table" verticalSpacing="sm">
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {shown.map(({ title }) => (
            <Table.Th key={title} role="columnheader">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {rows.map((row) => (
          <Table.Tr key={id(row)} role="row">
            {shown.map(({ title, cell, hint }) => (
              <Table.Td key={title} role="cell" data-title={title} title={hint?.(row)}>
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
