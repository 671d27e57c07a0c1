import { Fault } from '../errors.ts'
import { adviceOnClock, MAX_SKEW } from '../huawei/clock-skew.ts'
import type { Correction } from '../huawei/cloud-clock.ts'
import type { Services } from './services.ts'

type Clocked = Pick<Services, 'sendTo' | 'lastClockCorrection'>

/** Our clock was corrected while something was done by it. No fault: by the right time it can be done again. */
export class ClockCorrected extends Error {
  override readonly name = 'ClockCorrected'
  constructor(correction: Correction) {
    super(whyCorrected(correction))
  }
}

function whyCorrected(correction: Correction): string {
  const isBack = Math.abs(correction.theirs - correction.ours) < MAX_SKEW
  if (isBack) return 'Other hosts of Huawei have the time of this machine, so it is the first one that is off'
  return adviceOnClock({ ...correction, did: 'had', whose: 'Huawei' })
}

/** The same services, whose calls to Huawei end with `ClockCorrected` once our clock has been corrected. */
export function untilCorrected<S extends Clocked>(services: S): S {
  const { sendTo, lastClockCorrection } = services
  const known = lastClockCorrection()
  return {
    ...services,
    sendTo: (region) => {
      const send = sendTo(region)
      return async (request, signal) => {
        const response = await send(request, signal)
        // Who is refused by the right time too is told so, with both times.
        const correction = lastClockCorrection()
        const isRefused = response.status === 401
        if (correction !== undefined && correction !== known && !isRefused)
          throw new ClockCorrected(correction)
        return response
      }
    },
  }
}

/** A host that is off by itself corrects it once, another one corrects it back, and settles it. */
const MOST_CORRECTIONS = 2

/** Does a work by one clock: where Huawei corrects ours meanwhile, the work is done anew. */
export async function byOneClock<S extends Clocked & Pick<Services, 'log'>, T>(
  services: S,
  work: (services: S) => Promise<T>,
): Promise<T> {
  for (let corrections = 1; ; corrections += 1) {
    try {
      return await work(untilCorrected(services))
    } catch (error) {
      if (!(error instanceof ClockCorrected)) throw error
      if (corrections > MOST_CORRECTIONS)
        throw new Fault(
          'upstream_refused',
          `Cannot tell the time: hosts of Huawei contradict each other again and again. ${error.message}`,
        )
      services.log('warn', 'audit begins anew, by the time of Huawei', { because: error.message })
    }
  }
}
