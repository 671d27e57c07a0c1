import { memoize } from '../memoize.ts'
import { Gateway } from './gateway.ts'
import type { Request } from './http.ts'
import { Lane, type LaneOptions } from './lane.ts'
import { Pace } from './pace.ts'
import { pause } from './pause.ts'

/** Finds the lane of a request: that of its API and project. */
export type Traffic = (request: Request) => Lane

/** How to pace. */
export type TrafficOptions = Partial<LaneOptions> & Pick<LaneOptions, 'nowMs'>

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** 32 digits without hyphens. */
const PROJECT = /\/[0-9a-f]{32}(?=\/|$)/
/** What is before the part of a host name that the services of a region have in common. */
const SERVICE = /^\S+ https?:\/\/([a-z]+\.)?/

/**
 * The calls of one user, sorted by what a limit may count together: one API of one project, one API over all projects, and
 * all that go through the gateway of a region. Whoever shares it keeps to what the others learned.
 */
export function createTraffic(options: TrafficOptions): Traffic {
  const laneOptions = { sleep: pause, maxConcurrent: 32, maxWaitMs: 10 * 60_000, ...options }
  const paceOf = memoize(() => new Pace())
  const gatewayOf = memoize(() => new Gateway())
  const laneOf = memoize((name) => {
    const gateway = name.replace(SERVICE, '').replace(/\/.*/, '')
    // A path without a project, as those of IAM, has one scope less.
    const scopes = new Set([name, name.replace(PROJECT, '/{project_id}'), gateway])
    return new Lane(laneOptions, [...scopes].map(paceOf), gatewayOf(gateway))
  })
  // An API is a method and a path whose ids vary.
  return ({ method, origin, path }) => laneOf(`${method} ${origin}${path.replaceAll(UUID, '{id}')}`)
}
