// What a call cost.
import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Run, usageOf } from '../api/invocations';
import { Loaded } from '../app/Loaded';
import { bytes, duration, number } from '../format';
import { account } from '../session/session';
import { texts } from '../texts';

export function UsageTable({ run, uuid }: { run: Run; uuid: string }) {
  const query = useQuery({
    queryKey: [account(), 'usage', run.requestId],
    queryFn: () => usageOf(uuid, run.requestId),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Loaded query={query}>
      {(usage) => {
        const rows: [string, string][] = [[texts.invoke.took, duration(run.took * 1_000)]];
        if (usage !== null) {
          rows.push(
            [texts.invoke.waited, duration(usage.queueUs)],
            [texts.invoke.thaw, duration(usage.thawUs)],
            [texts.invoke.run_, duration(usage.runUs)],
            [texts.invoke.egress, duration(usage.egressUs ?? 0)],
            [texts.invoke.cpu, duration(usage.cpuUs)],
            [texts.invoke.fuel, number(usage.fuel)],
            [texts.invoke.memory, bytes(usage.memory)],
            [texts.invoke.calls, number(usage.hostCalls)],
            [texts.invoke.outbound, number(usage.outboundCalls ?? 0)],
          );
          for (const { method, host, status, error, us } of usage.outbound ?? []) {
            rows.push([`${method} ${host}`, `${status ?? error ?? ''} · ${duration(us)}`]);
          }
        }
        rows.push([texts.invoke.size, bytes(run.bytes)], [texts.invoke.request, run.requestId]);
        return (
          <Table>
            <Table.Tbody>
              {rows.map(([name, value], at) => (
                <Table.Tr key={`${at} ${name}`}>
                  <Table.Th scope="row" fw={400}>
                    {name}
                  </Table.Th>
                  <Table.Td ta="right">{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        );
      }}
    </Loaded>
  );
}
