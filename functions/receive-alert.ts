import type { HttpContext } from '../lib/runtime/budget.ts'
import { type HttpFunction, httpFunction } from '../lib/runtime/http.ts'
import { lambdaFunction } from '../lib/runtime/lambda-function.ts'
import { FOR_REQUESTS } from '../lib/runtime/services.ts'
import { type AlertServices, alertRoutes } from '../lib/workflow/alert-routes.ts'

/** Proves who sent an alert, stores it, answers; what it starts is started by what lies in the inbox then. */
export function receiveAlert(services: AlertServices): HttpFunction {
  return httpFunction(services, alertRoutes)
}

/** The function as AWS calls it. */
export const handler = lambdaFunction(
  'receive-alert',
  FOR_REQUESTS,
  (services, event, context?: HttpContext) => receiveAlert(services)(event, context),
)
