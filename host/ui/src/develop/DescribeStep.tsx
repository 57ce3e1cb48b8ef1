// The last step: name and description, judged while typing.
import { Stack, TextInput } from '@mantine/core';
import { texts } from '../texts';
import { judgeDescription, judgeName } from './names';

interface Props {
  name: string;
  description: string;
  taken: readonly string[];
  isTried: boolean;
  onName: (name: string) => void;
  onDescription: (description: string) => void;
}

export function DescribeStep({ name, description, taken, isTried, onName, onDescription }: Props) {
  const told = (value: string, judgement: string | null) => (value !== '' || isTried ? judgement : null);
  return (
    <Stack py="md" maw={560}>
      <TextInput
        label={texts.wizard.name}
        description={texts.wizard.nameHint}
        value={name}
        onChange={(event) => onName(event.currentTarget.value)}
        error={told(name, judgeName(name, taken))}
        required
        data-autofocus
      />
      <TextInput
        label={texts.wizard.description}
        description={texts.wizard.descriptionHint}
        value={description}
        onChange={(event) => onDescription(event.currentTarget.value)}
        error={told(description, judgeDescription(description))}
        required
      />
    </Stack>
  );
}
