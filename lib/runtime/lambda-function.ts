import { readProcessConfig } from './config.ts'
import { createLog } from './log.ts'
import { reportFailure } from './report-failure.ts'
import { createServices, type Services, type ServicesOptions } from './services.ts'

/** What a function does with an event; the context is Lambda's own. */
export type LambdaWork<Context, Result> = (
  services: Services,
  event: unknown,
  context?: Context,
) => Promise<Result>

/**
 * A function as Lambda calls it. Its services are those of the process: made at the first call and shared by all later
 * ones, so that connections, tokens and secrets stay warm. What ends a call is logged, and told in words fit for the caller.
 */
export function lambdaFunction<Context, Result>(
  name: string,
  options: ServicesOptions,
  work: LambdaWork<Context, Result>,
) {
  const log = createLog(name)
  let services: Services | undefined
  return async (event: unknown, context?: Context): Promise<Result> => {
    try {
      services ??= createServices(readProcessConfig(), { ...options, log })
      return await work(services, event, context)
    } catch (error) {
      throw reportFailure(log, error)
    }
  }
}
