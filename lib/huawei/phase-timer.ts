/** A timer of one thing at a time, such as the phases of an exchange. */
export interface PhaseTimer {
  /** Begins a phase, and ends the one before. */
  readonly start: (ms: number, code: string, what: string) => void
  readonly stop: () => void
  /** Gives the phase all its time again. */
  readonly refresh: () => void
}

/** A timer that calls `onExpired` with the code of a phase, and with what did not happen in time. */
export function createPhaseTimer(onExpired: (code: string, message: string) => void): PhaseTimer {
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => clearTimeout(timer)
  return {
    start: (ms, code, what) => {
      stop()
      timer = setTimeout(() => onExpired(code, `${what} within ${ms / 1000} s`), ms)
    },
    stop,
    refresh: () => void timer?.refresh(),
  }
}
