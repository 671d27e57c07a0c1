import type { DurableContext, DurableExecutionInvocationInput } from '@aws/durable-execution-sdk-js'
import type { Context } from 'aws-lambda'
import { durableSteps } from './durable-steps.ts'
import type { Log } from './log.ts'
import { reportFailure } from './report-failure.ts'
import type { Steps } from './steps.ts'

/** Whether an event is a turn of a durable execution, in which the event that started it is wrapped. */
export function isDurable(event: unknown): event is DurableExecutionInvocationInput {
  return (
    typeof event === 'object' &&
    event !== null &&
    'DurableExecutionArn' in event &&
    'CheckpointToken' in event
  )
}

/** Goes on with a durable execution: finished steps of `work` are remembered, the next ones are done. */
export async function goOn(
  turn: DurableExecutionInvocationInput,
  context: Context,
  log: Log,
  work: (event: unknown, steps: Steps) => Promise<unknown>,
) {
  // Only who needs it waits for it.
  const { withDurableExecution } = await import('@aws/durable-execution-sdk-js')
  const execution = withDurableExecution(async (event: unknown, durable: DurableContext) => {
    try {
      return await work(event, durableSteps(durable, log))
    } catch (error) {
      throw reportFailure(log, error)
    }
  })
  return await execution(turn, context)
}
