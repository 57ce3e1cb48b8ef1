// How far a deployment has come. A failure tells its cause when it is pointed at or focused, and in full when pressed.
import { Badge, Code, Loader, Modal, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type Deployment, isRunning } from '../api/lambdas';
import { sentence } from '../api/problem';
import { LogList } from '../invoke/LogList';
import { texts } from '../texts';

export function DeploymentBadge({ deployment }: { deployment: Deployment }) {
  const [isOpen, cause] = useDisclosure(false);
  const { deploymentState: state, deploymentError: error } = deployment;
  const label = texts.deploymentStates[state];
  const style = { textTransform: 'none' } as const;
  if (isRunning(deployment)) {
    return (
      <Badge color="indigo.8" style={style} leftSection={<Loader size={10} color="white" />} role="status">
        {label}
      </Badge>
    );
  }
  if (!error) {
    return (
      <Badge color="teal.9" style={style} role="status">
        {label}
      </Badge>
    );
  }
  return (
    <>
      <Tooltip label={error.errorMsg} multiline maw={480} events={{ hover: true, focus: true, touch: true }}>
        <UnstyledButton onClick={cause.open} aria-label={`${label}: ${texts.deploy.cause}`}>
          <Badge color="red.9" style={{ ...style, cursor: 'pointer' }}>
            {label}
          </Badge>
        </UnstyledButton>
      </Tooltip>
      <Modal
        opened={isOpen}
        onClose={cause.close}
        size="lg"
        title={texts.deploy.failedTitle}
        closeButtonProps={{ 'aria-label': texts.close }}
      >
        <Stack>
          <Text className="wrapped">{sentence(error.errorMsg)}</Text>
          <Code>{error.errorCode}</Code>
          {error.errorLogs.length > 0 && <LogList logs={error.errorLogs} />}
        </Stack>
      </Modal>
    </>
  );
}
