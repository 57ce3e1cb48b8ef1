// The editor with everything around it: what is saved and what is not, what the check says, settings and payload.
import { ActionIcon, Badge, Box, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconLayoutSidebarRight } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { isRunning, type Lambda } from '../api/lambdas';
import type { Problem } from '../api/problem';
import { Page } from '../app/Page';
import { ProblemAlert } from '../app/ProblemAlert';
import { StateBadge } from '../develop/StateBadge';
import { useMay } from '../session/rights';
import { texts } from '../texts';
import { Conflict } from './Conflict';
import { type Draft, draftOf, isDirty } from './draft';
import { FindingList } from './FindingList';
import { LazyEditor } from './LazyEditor';
import { Leave } from './Leave';
import { Sidebar } from './Sidebar';
import { useFindings } from './useFindings';
import { useSaving } from './useSaving';

const HEIGHT = 'max(360px, calc(100vh - 250px))';

export function Workbench({ lambda }: { lambda: Lambda }) {
  const mayWrite = useMay('lambda.write');
  const mayDeploy = useMay('lambda.deploy');
  const mayInvoke = useMay('lambda.invoke');
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const [isOpen, sidebar] = useDisclosure(isWide);
  const [draft, setDraft] = useState<Draft>(() => draftOf(lambda));
  const [query] = useSearchParams();
  const line = Number(query.get('line'));
  const [place, setPlace] = useState(line > 0 ? { line, column: 1 } : null);
  const saving = useSaving(lambda);
  const { findings, state } = useFindings(mayWrite ? draft.code : null);
  const isChanged = isDirty(saving.base, draft);
  // The same with every key, so that what does not show the code is not drawn again for each.
  const change = useCallback((part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })), []);
  const save = () => {
    if (mayWrite && isChanged && !saving.isBusy) void saving.save(draft);
  };
  const [revision, setRevision] = useState(0);
  const takeTheirs = () => {
    if (saving.theirs === null) return;
    setRevision(revision + 1);
    setDraft(draftOf(saving.theirs));
    saving.rebase(saving.theirs);
  };
  const isDeploying = isRunning(lambda.lastDeployment);
  const refused = (saving.error as Problem | null)?.findings ?? [];
  const all = refused.length > 0 ? refused : findings;
  const actions = (
    <>
      {isChanged && (
        <Badge variant="outline" color="orange.9" style={{ textTransform: 'none' }} role="status">
          {texts.editor.dirty}
        </Badge>
      )}
      {mayWrite && (
        <Button onClick={save} disabled={!isChanged} loading={saving.isBusy}>
          {texts.editor.save}
        </Button>
      )}
      {mayDeploy && (
        <Button component={Link} to={`/deploy/${lambda.uuid}/review`} variant="default">
          {texts.editor.deploy}
        </Button>
      )}
      {mayInvoke && lambda.state !== 'Draft' && (
        <Button component={Link} to={`/invoke/${lambda.uuid}`} variant="default">
          {texts.editor.invoke}
        </Button>
      )}
      <ActionIcon
        variant="default"
        size="lg"
        aria-expanded={isOpen}
        aria-label={isOpen ? texts.editor.hideSidebar : texts.editor.showSidebar}
        onClick={sidebar.toggle}
      >
        <IconLayoutSidebarRight size={18} />
      </ActionIcon>
    </>
  );
  const lead = (
    <Group component="span" gap="xs">
      <StateBadge state={lambda.state} />
      <span>{mayWrite ? lambda.description : texts.editor.readOnly}</span>
    </Group>
  );
  return (
    <Page title={lambda.name} lead={lead} actions={actions}>
      <ProblemAlert error={saving.error} title={texts.editor.refused} />
      <Group align="stretch" gap="md" wrap={isWide ? 'nowrap' : 'wrap'}>
        <Box style={{ flex: '1 1 320px', minWidth: 0 }}>
          <LazyEditor
            value={draft.code}
            revision={revision}
            label={mayWrite ? texts.editor.codeAndWayOut : texts.editor.code}
            language="javascript"
            height={HEIGHT}
            isReadOnly={!mayWrite}
            findings={all}
            sample={lambda.samplePayload}
            place={place}
            onChange={(code) => change({ code })}
            onSave={save}
          />
          {mayWrite && (
            <Stack gap={4} pt="xs">
              <Group justify="space-between" align="flex-start">
                <FindingList findings={all} state={state} onChoose={setPlace} />
                <Text size="xs" visibleFrom="sm">
                  {texts.editor.keys}
                </Text>
              </Group>
              {isDeploying && <Text size="sm">{texts.editor.building}</Text>}
            </Stack>
          )}
        </Box>
        {isOpen && (
          <Sidebar
            lambda={saving.base}
            description={draft.description}
            environment={draft.environment}
            reuse={draft.reuse}
            mayWrite={mayWrite}
            onChange={change}
          />
        )}
      </Group>
      <Leave isAsked={isChanged} />
      {saving.theirs && (
        <Conflict
          theirs={saving.theirs}
          mine={draft.code}
          isBusy={saving.isBusy}
          onMine={() => void saving.save(draft)}
          onTheirs={takeTheirs}
          onLater={saving.dismiss}
        />
      )}
    </Page>
  );
}
