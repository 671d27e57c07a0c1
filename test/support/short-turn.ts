import { OutOfTime } from '../../lib/out-of-time.ts'
import type { Services } from '../../lib/runtime/services.ts'

/**
 * Services with which every scan of CBR runs out of time after so many calls for backups, as it does in a turn that is too short for
 * all of them. By scan, not by turn: where waits are skipped it is left to chance whether the next scan gets a turn of its own.
 */
export function inShortTurn<S extends Pick<Services, 'sendTo'>>(services: S, callsOf: () => number): S {
  return {
    ...services,
    sendTo: (region) => {
      let left: number | undefined
      return async (request, signal) => {
        if (request.path.startsWith('/v3/') && request.path.endsWith('/backups')) {
          left = (left ?? callsOf()) - 1
          if (left < 0) throw new OutOfTime('This turn is short')
        }
        return await services.sendTo(region)(request, signal)
      }
    },
  }
}
