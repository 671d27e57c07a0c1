import { OutOfTime } from '../out-of-time.ts'
import type { Services } from './services.ts'

/** What it takes to write down what was done once Huawei can no longer be waited for: a minute of a whole call of Lambda, but never less than this. */
const RESERVED_SHARE = 1 / 15
const LEAST_RESERVE_MS = 1500

/** The same services, whose calls to Huawei end with `OutOfTime` when the time of the process does. 0 is no time, not "unknown". */
export function withinTime<S extends Pick<Services, 'sendTo'>>(services: S, remainingMs: () => number): S {
  const reserveMs = Math.max(LEAST_RESERVE_MS, remainingMs() * RESERVED_SHARE)
  const timeIsUp = AbortSignal.timeout(Math.max(0, Math.floor(remainingMs() - reserveMs)))
  const hasEnded = (): boolean => timeIsUp.aborted || remainingMs() <= reserveMs
  return {
    ...services,
    sendTo: (region) => {
      const send = services.sendTo(region)
      return async (request, signal) => {
        if (hasEnded()) throw new OutOfTime('No time is left to start another call')
        const either = signal === undefined ? timeIsUp : AbortSignal.any([signal, timeIsUp])
        const outcome = await send(request, either).catch((error: unknown) => ({ error }))
        if ('error' in outcome) throw hasEnded() ? new OutOfTime('Time ran out during a call') : outcome.error
        // Whatever a call came to that would have been tried again.
        if (hasEnded() && outcome.status >= 400) throw new OutOfTime('Time ran out between two attempts')
        return outcome
      }
    },
  }
}
