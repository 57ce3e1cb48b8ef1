// The first step: templates by event, and what the chosen one looks like.
import { Badge, Group, Radio, ScrollArea, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CodeView } from '../editor/CodeView';
import { texts } from '../texts';
import type { Offer } from './offers';

interface Props {
  offers: Offer[];
  chosen: Offer | undefined;
  onChoose: (id: string) => void;
}

const EVERY = 'every';

export function TemplateStep({ offers, chosen, onChoose }: Props) {
  const [event, setEvent] = useState(EVERY);
  const names = [...new Set(offers.map((offer) => offer.event ?? texts.develop.noEvent))];
  const found = offers.filter((offer) => event === EVERY || (offer.event ?? texts.develop.noEvent) === event);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Stack>
        <Select
          label={texts.wizard.forEvent}
          value={event}
          onChange={(value) => setEvent(value ?? EVERY)}
          data={[
            { value: EVERY, label: texts.wizard.anyEvent },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
          allowDeselect={false}
          searchable
        />
        <ScrollArea.Autosize
          mah={440}
          type="auto"
          offsetScrollbars
          viewportProps={{ tabIndex: 0, 'aria-label': texts.wizard.template }}
        >
          <Radio.Group
            value={chosen?.template.id ?? null}
            onChange={onChoose}
            aria-label={texts.wizard.template}
          >
            <Stack gap="xs">
              {found.map(({ template, event: name, isFull }) => (
                <Radio
                  key={template.id}
                  value={template.id}
                  disabled={isFull}
                  label={
                    <Group gap="xs">
                      <Text fw={600}>{template.name}</Text>
                      {name !== null && (
                        <Badge variant="default" style={{ textTransform: 'none' }}>
                          {name}
                        </Badge>
                      )}
                    </Group>
                  }
                  description={
                    <>
                      {template.description}
                      {template.requires.length > 0 &&
                        ` ${texts.wizard.requires(template.requires.join(', '))}.`}
                      {isFull && ` ${texts.wizard.full}.`}
                    </>
                  }
                />
              ))}
            </Stack>
          </Radio.Group>
        </ScrollArea.Autosize>
      </Stack>
      <Stack gap={4}>
        <Text fw={600} size="sm">
          {texts.wizard.preview}
        </Text>
        <CodeView code={chosen?.template.code ?? ''} label={texts.wizard.preview} height={440} />
      </Stack>
    </SimpleGrid>
  );
}
