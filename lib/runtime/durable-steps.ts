import type { DurableContext, RetryDecision } from '@aws/durable-execution-sdk-js'
import { Fault } from '../errors.ts'
import { deserializeFault, type SerializedFault, serializeFault } from '../serialized-fault.ts'
import type { Log } from './log.ts'
import { reportFailure } from './report-failure.ts'
import type { Steps, StepWork } from './steps.ts'

/** Items at a time; the step of each has calls of its own under way. */
const ITEMS_AT_ONCE = 4
/** As Lambda does with events: twice more, after one minute and after two. */
const ATTEMPTS = 3
const PAUSE_SECONDS = 60

/** What a step left behind. A fault is a result too: asking again would end the same way. */
type Kept<Result> = { readonly result: Result } | { readonly fault: SerializedFault }

/**
 * Steps of a durable execution: AWS keeps the result of each, and calls the function again where it was killed, ran out of time
 * or failed. Only what may pass is tried again: a store in trouble, a process out of time, a defect.
 */
export function durableSteps(context: DurableContext, log: Log): Steps {
  return {
    step: async (name, work) => resultOf(await keeping(context, log, name, work)),
    each: async (items, nameOf, work) => {
      const batch = await context.map(
        [...items],
        (child, item) => kept(() => work(item, durableSteps(child, log))),
        { maxConcurrency: ITEMS_AT_ONCE, itemNamer: nameOf },
      )
      batch.throwIfError()
      return batch.getResults().map(resultOf)
    },
    pause: async (name, seconds) => await context.wait(name, { seconds }),
    remainingMs: () => context.lambdaContext.getRemainingTimeInMillis(),
  }
}

async function keeping<Result>(
  context: DurableContext,
  log: Log,
  name: string,
  work: StepWork<Result>,
): Promise<Kept<Result>> {
  return await context.step(
    name,
    async ({ attempt }): Promise<Kept<Result>> => {
      const isLast = attempt >= ATTEMPTS
      try {
        return { result: await work({ isLast }) }
      } catch (error) {
        if (error instanceof Fault && (isLast || error.code !== 'unavailable'))
          return { fault: serializeFault(error) }
        // AWS keeps these words, so they must be fit for it.
        throw reportFailure(log, error)
      }
    },
    { retryStrategy: tryAgain },
  )
}

/** The items of a map go on where one of them ends with a fault. */
async function kept<Result>(work: () => Promise<Result>): Promise<Kept<Result>> {
  try {
    return { result: await work() }
  } catch (error) {
    if (error instanceof Fault) return { fault: serializeFault(error) }
    throw error
  }
}

function tryAgain(_: Error, attempts: number): RetryDecision {
  return { shouldRetry: attempts < ATTEMPTS, delay: { seconds: PAUSE_SECONDS * attempts } }
}

function resultOf<Result>(kept: Kept<Result>): Result {
  if ('fault' in kept) throw deserializeFault(kept.fault)
  return kept.result
}
