// Where a function is written.
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { lambdaQuery } from '../api/lambdas';
import { Loaded } from '../app/Loaded';
import { Workbench } from './Workbench';

export function EditorPage() {
  const { uuid = '' } = useParams();
  const query = useQuery({ ...lambdaQuery(uuid), refetchOnWindowFocus: false });
  return <Loaded query={query}>{(lambda) => <Workbench key={lambda.uuid} lambda={lambda} />}</Loaded>;
}
