import type { Mistake } from '../../lib/errors.ts'
import { readCheckpointRequest } from '../../lib/runtime/checkpoint-request.ts'
import { readHttpEvent } from '../../lib/runtime/http-event.ts'
import { world } from '../../lib/runtime/services.ts'
import { toFlagMistake } from '../flag-of-pointer.ts'
import type { FlagValues } from '../flags.ts'
import { type Call, toEvent } from '../function-door.ts'

/** The request that the flags ask for, without its target; every mistake in it is added to the list. */
export function orderByFlags(values: FlagValues, mistakes: Mistake[]): Call {
  const key = values.one('idempotency-key')
  const headers = {
    'content-type': 'application/json',
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  }
  const body = JSON.stringify({
    checkpoint: { vault_id: values.one('vault-id'), parameters: toParameters(values, mistakes) },
  })
  const call: Call = { method: 'POST', path: '/checkpoints', query: [], headers, body }
  const found = mistakesIn(call).filter(({ pointer }) => !isNamed(mistakes, pointer))
  mistakes.push(...found)
  return call
}

/** JSON leaves out what is undefined. */
function toParameters(
  values: FlagValues,
  mistakes: Mistake[],
): Readonly<Record<string, unknown>> | undefined {
  const parameters = {
    auto_trigger: values.has('auto-trigger') || undefined,
    description: values.one('description'),
    incremental: values.has('full') ? false : undefined,
    name: values.one('name'),
    resources: listed(values.all('resource-id')),
    resource_details: listed(toDetails(values, mistakes)),
  }
  return Object.values(parameters).every((value) => value === undefined) ? undefined : parameters
}

function listed<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items
}

const RESOURCE = /^([^:]+):([^:]+::[^:]+::[^:]+)(?::([\s\S]*))?$/
/** Nova, Ironic and Native alike. */
const SERVER = /Server$/

function toDetails(values: FlagValues, mistakes: Mistake[]) {
  const excluded = values.all('exclude-volume')
  const details = values.all('resource').flatMap((text) => {
    const [, id, type = '', name] = RESOURCE.exec(text) ?? []
    if (id === undefined) {
      const detail = `has ${JSON.stringify(text)}; write ID:TYPE or ID:TYPE:NAME, such as 94eba8b2-acc9-4d82-badc-127144cc5526:OS::Nova::Server:erp-db-01`
      mistakes.push({ pointer: '--resource', detail })
      return []
    }
    const excludes = excluded.length > 0 && SERVER.test(type)
    return [{ id, type, name, extra_info: excludes ? { exclude_volumes: excluded } : undefined }]
  })
  if (excluded.length > 0 && !details.some(({ extra_info }) => extra_info !== undefined))
    mistakes.push({ pointer: '--exclude-volume', detail: 'needs a --resource that is a server' })
  return details
}

/** The same check as behind the door, before the door is opened, so that its mistakes stand beside all others. */
function mistakesIn(call: Call): readonly Mistake[] {
  const found: Mistake[] = []
  const event = readHttpEvent(toEvent(call))
  const request = { ...event, params: {}, signal: AbortSignal.abort(), note: () => {}, promise: () => {} }
  readCheckpointRequest(request, world, found)
  return found.map(toFlagMistake)
}

/** A flag whose value could not even be read is named once. */
function isNamed(mistakes: readonly Mistake[], pointer: string): boolean {
  return mistakes.some((known) => known.pointer === pointer)
}
