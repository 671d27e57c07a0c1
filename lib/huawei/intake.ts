import { performance } from 'node:perf_hooks'

/** How often it is looked at whether there was time for one more, in milliseconds. */
const LOOK_EVERY_MS = 10
const BUSY = 0.9

/**
 * How many long bodies are read at once, for each takes memory from its first byte, and a turn of the loop reads all that came: one where the
 * program has no time left, and as many as come where it waits for the network. Those that wait meanwhile wait in the sockets.
 */
export class Intake {
  #reading = 0
  readonly #waiting: (() => void)[] = []
  #alarm: NodeJS.Timeout | undefined

  /** Calls `begin` when it is the turn of another body; `leave` must follow. */
  enter(begin: () => void): void {
    this.#waiting.push(begin)
    this.#pump()
  }

  /** A body is read, or never will be. */
  leave(): void {
    this.#reading -= 1
    this.#pump()
  }

  #pump(): void {
    while (this.#reading === 0 && this.#waiting.length > 0) this.#begin()
    if (this.#waiting.length > 0) this.#alarm ??= this.#lookLater()
  }

  #begin(): void {
    this.#reading += 1
    this.#waiting.shift()?.()
  }

  #lookLater(): NodeJS.Timeout {
    const before = performance.eventLoopUtilization()
    return setTimeout(() => {
      this.#alarm = undefined
      const hadTime = performance.eventLoopUtilization(before).utilization < BUSY
      if (hadTime && this.#waiting.length > 0) this.#begin()
      this.#pump()
    }, LOOK_EVERY_MS)
  }
}
