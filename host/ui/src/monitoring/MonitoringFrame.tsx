// Monitoring, by what one may see of it.
import { Frame } from '../app/Frame';
import type { Right } from '../session/rights';
import { texts } from '../texts';

export const MONITORING: { to: string; label: string; right: Right }[] = [
  { to: '/monitoring/invocations', label: texts.monitoring.invocations, right: 'log.read' },
  { to: '/monitoring/logs', label: texts.monitoring.logs, right: 'log.read' },
  { to: '/monitoring/activities', label: texts.monitoring.activities, right: 'activity.read' },
];

export function MonitoringFrame() {
  return <Frame label={texts.monitoring.title} pages={MONITORING} />;
}
