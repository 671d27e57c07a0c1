import { OutOfTime } from '../../lib/out-of-time.ts'
import type { Services } from '../../lib/runtime/services.ts'

/** Services whose time runs out for the backups of CBR after so many calls, as it does in a turn that is too short for all of them. */
export function inShortTurn<S extends Pick<Services, 'sendTo'>>(services: S, calls: number): S {
  let left = calls
  return {
    ...services,
    sendTo: (region) => async (request, signal) => {
      if (request.path.startsWith('/v3/') && request.path.endsWith('/backups')) {
        left -= 1
        if (left < 0) throw new OutOfTime('This turn is short')
      }
      return await services.sendTo(region)(request, signal)
    },
  }
}
