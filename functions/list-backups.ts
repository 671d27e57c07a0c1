import { answerPage, CBR_BACKUPS, DCS_BACKUPS } from '../lib/runtime/backup-pages.ts'
import type { HttpContext } from '../lib/runtime/budget.ts'
import { type HttpFunction, type HttpWorld, httpFunction, type Routes } from '../lib/runtime/http.ts'
import { lambdaFunction } from '../lib/runtime/lambda-function.ts'
import type { PlaceServices } from '../lib/runtime/place.ts'
import { FOR_REQUESTS } from '../lib/runtime/services.ts'

/** What listing needs of the world. */
export type ListBackupsServices = HttpWorld & PlaceServices

/** Both lists take every parameter of Huawei's own, with the same names, and answer in its own words. */
export const listBackupsRoutes: Routes<ListBackupsServices> = {
  'GET /backups': (services, request) => answerPage(services, CBR_BACKUPS, request),
  'GET /instances/{instance_id}/backups': (services, request) => answerPage(services, DCS_BACKUPS, request),
}

/** A page of the backups of a CBR project, or of the backup records of a DCS instance. */
export function listBackups(services: ListBackupsServices): HttpFunction {
  return httpFunction(services, listBackupsRoutes)
}

/** The function as AWS calls it. */
export const handler = lambdaFunction(
  'list-backups',
  FOR_REQUESTS,
  (services, event, context?: HttpContext) => listBackups(services)(event, context),
)
