// The three steps from nothing to a function: a template, whom it may call, what it is called.
import { Button, Group, Stack, Stepper } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { eventsQuery, lambdasQuery, templatesQuery, useCreateLambda } from '../api/lambdas';
import { Waiting } from '../app/Loaded';
import { tell } from '../app/notify';
import { Page } from '../app/Page';
import { ProblemAlert } from '../app/ProblemAlert';
import { texts } from '../texts';
import { DescribeStep } from './DescribeStep';
import { judgeDescription, judgeName } from './names';
import { offers } from './offers';
import { TemplateStep } from './TemplateStep';
import { WhitelistStep } from './WhitelistStep';

const LAST = 2;

export function Wizard() {
  const navigate = useNavigate();
  const templates = useQuery(templatesQuery());
  const events = useQuery(eventsQuery());
  const lambdas = useQuery(lambdasQuery());
  const creation = useCreateLambda();
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const [step, setStep] = useState(0);
  const [chosen, setChosen] = useState('greeting');
  const [callsOut, setCallsOut] = useState(false);
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [isTried, setTried] = useState(false);
  const failure = templates.error ?? events.error ?? lambdas.error;
  if (failure) {
    const again = () => Promise.all([templates.refetch(), events.refetch(), lambdas.refetch()]);
    return <ProblemAlert error={failure} onRetry={again} />;
  }
  if (!templates.data || !events.data || !lambdas.data) return <Waiting />;

  const all = offers(templates.data, events.data, lambdas.data);
  const offer =
    all.find(({ template, isFull }) => template.id === chosen && !isFull) ??
    all.find(({ isFull }) => !isFull);
  const taken = lambdas.data.map((lambda) => lambda.name);
  const create = () => {
    setTried(true);
    if (offer === undefined || judgeName(name, taken) !== null || judgeDescription(description) !== null)
      return;
    creation.mutate(
      { name, description, template: offer.template },
      {
        onSuccess: ({ uuid }) => {
          tell(texts.wizard.created(name));
          navigate(`/develop/${uuid}`, { replace: true });
        },
      },
    );
  };
  const next = () => {
    if (step === LAST) create();
    else setStep(step + 1);
  };
  return (
    <Page title={texts.wizard.title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        <Stack>
          <Stepper
            active={step}
            onStepClick={setStep}
            orientation={isNarrow ? 'vertical' : 'horizontal'}
            size="sm"
          >
            <Stepper.Step label={texts.wizard.template}>
              <TemplateStep offers={all} chosen={offer} onChoose={setChosen} />
            </Stepper.Step>
            <Stepper.Step label={texts.wizard.whitelist} description={texts.wizard.whitelistNote}>
              <WhitelistStep callsOut={callsOut} onToggle={setCallsOut} />
            </Stepper.Step>
            <Stepper.Step label={texts.wizard.describe}>
              <DescribeStep
                name={name}
                description={description}
                taken={taken}
                isTried={isTried}
                onName={setName}
                onDescription={setDescription}
              />
            </Stepper.Step>
          </Stepper>
          <ProblemAlert error={creation.error} />
          <Group justify="space-between">
            <Button variant="default" onClick={() => (step === 0 ? navigate('/develop') : setStep(step - 1))}>
              {step === 0 ? texts.cancel : texts.back}
            </Button>
            <Button type="submit" loading={creation.isPending}>
              {step === LAST ? texts.wizard.create : texts.wizard.next}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
