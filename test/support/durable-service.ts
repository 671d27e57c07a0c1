import {
  type CheckpointDurableExecutionRequest,
  type DurableExecutionClient,
  DurableExecutionInvocationInputWithClient,
  type OperationUpdate,
  type WireOperation,
} from '@aws/durable-execution-sdk-js'

/** What AWS remembers of one durable execution; a kill of the function loses nothing of it. */
export interface Memory {
  readonly operations: Map<string, WireOperation>
  /** Called after every change, before it is acknowledged. */
  readonly onChange: () => void
}

const LONG_FROM_NOW = new Date('2100-01-01')

/** The memory of an execution that begins with this event. */
export function newMemory(event: unknown, onChange: () => void = () => {}): Memory {
  const execution: WireOperation = {
    Id: 'execution',
    Type: 'EXECUTION',
    StartTimestamp: new Date(0),
    Status: 'STARTED',
    ExecutionDetails: { InputPayload: JSON.stringify(event) },
  }
  return { operations: new Map([['execution', execution]]), onChange }
}

/** The side of AWS: answers checkpoints. */
export function clientOf(memory: Memory): DurableExecutionClient {
  return {
    getExecutionState: () => Promise.resolve({ Operations: [...memory.operations.values()] }),
    checkpoint: ({ Updates = [] }: CheckpointDurableExecutionRequest) => {
      const changed = Updates.map((update) => apply(memory, update))
      memory.onChange()
      return Promise.resolve({ CheckpointToken: 'next', NewExecutionState: { Operations: changed } })
    },
  }
}

/** What the function is called with in its next turn, which begins when everybody waits: then the waits are over. */
export function nextTurn(memory: Memory, client: DurableExecutionClient) {
  for (const [id, operation] of memory.operations)
    if (operation.Type === 'WAIT') memory.operations.set(id, { ...operation, Status: 'SUCCEEDED' })
  return new DurableExecutionInvocationInputWithClient(
    {
      DurableExecutionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f:1/durable-execution/e/1',
      CheckpointToken: 'first',
      InitialExecutionState: { Operations: [...memory.operations.values()] },
    },
    client,
  )
}

function apply({ operations }: Memory, update: OperationUpdate): WireOperation {
  const id = update.Id ?? ''
  const before = operations.get(id)
  const attempt = (before?.StepDetails?.Attempt ?? 0) + (update.Action === 'RETRY' ? 1 : 0)
  const outcome = {
    ...(update.Payload !== undefined && { Result: update.Payload }),
    ...(update.Error !== undefined && { Error: update.Error }),
  }
  const after: WireOperation = {
    Id: id,
    ParentId: update.ParentId,
    Name: update.Name,
    Type: update.Type,
    SubType: update.SubType,
    StartTimestamp: new Date(0),
    Status: statusAfter(update),
    ...(update.Type === 'STEP' && { StepDetails: { Attempt: attempt, ...outcome } }),
    ...(update.Type === 'CONTEXT' && { ContextDetails: outcome }),
    ...(update.Type === 'WAIT' && { WaitDetails: { ScheduledEndTimestamp: LONG_FROM_NOW } }),
  }
  operations.set(id, after)
  return after
}

function statusAfter({ Action }: OperationUpdate): WireOperation['Status'] {
  switch (Action) {
    case 'START':
      return 'STARTED'
    case 'RETRY':
      return 'READY'
    case 'SUCCEED':
      return 'SUCCEEDED'
    case 'FAIL':
      return 'FAILED'
    default:
      return 'CANCELLED'
  }
}
