// Settings, by what one may see of them.
import { Frame } from '../app/Frame';
import type { Right } from '../session/rights';
import { texts } from '../texts';

export const SETTINGS: { to: string; label: string; right: Right }[] = [
  { to: '/settings/whitelist', label: texts.settings.whitelist, right: 'whitelist.read' },
  { to: '/settings/secrets', label: texts.settings.secrets, right: 'secret.read' },
  { to: '/settings/schedules', label: texts.settings.schedules, right: 'schedule.read' },
  { to: '/settings/apps', label: texts.settings.apps, right: 'app.read' },
  { to: '/settings/users', label: texts.settings.users, right: 'user.read' },
  { to: '/settings/profiles', label: texts.settings.profiles, right: 'user.read' },
  { to: '/settings/limits', label: texts.settings.limits, right: 'limit.read' },
];

export function SettingsFrame() {
  return <Frame label={texts.settings.title} pages={SETTINGS} />;
}
