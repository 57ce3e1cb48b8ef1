// The function that is to be deployed, found by typing a part of its name.
import { Button, Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { lambdasQuery } from '../api/lambdas';
import { Loaded } from '../app/Loaded';
import { Page } from '../app/Page';
import { texts } from '../texts';

export function Choose() {
  const query = useQuery(lambdasQuery());
  const navigate = useNavigate();
  const [uuid, setUuid] = useState<string | null>(null);
  return (
    <Page title={texts.deploy.create}>
      <Loaded query={query}>
        {(lambdas) => (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (uuid !== null) navigate(`/deploy/${uuid}/review`);
            }}
          >
            <Stack maw={480}>
              <Select
                label={texts.deploy.choose}
                placeholder={texts.deploy.choosePlaceholder}
                searchable
                nothingFoundMessage={texts.deploy.chooseNothing}
                value={uuid}
                onChange={setUuid}
                data={lambdas.map(({ uuid: value, name, state }) => ({
                  value,
                  label: `${name} (${texts.states[state]})`,
                }))}
              />
              <Group>
                <Button component={Link} to="/deploy" variant="default">
                  {texts.cancel}
                </Button>
                <Button type="submit" disabled={uuid === null}>
                  {texts.deploy.review}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Loaded>
    </Page>
  );
}
