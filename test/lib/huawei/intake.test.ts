import { setImmediate, setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Intake } from '../../../lib/huawei/intake.ts'

/** Ten that want to be read, and how many of them are. */
function tenAt(intake: Intake): () => number {
  let begun = 0
  for (let body = 0; body < 10; body += 1)
    intake.enter(() => {
      begun += 1
    })
  return () => begun
}

/** Leaves the loop no time for anything else. */
async function beBusy(forMs: number): Promise<void> {
  for (const endMs = performance.now() + forMs; performance.now() < endMs; await setImmediate()) {
    const pieceMs = performance.now() + 5
    while (performance.now() < pieceMs);
  }
}

describe('an intake', () => {
  it('begins one, and each of the others when the one before has left', () => {
    const intake = new Intake()
    const begun = tenAt(intake)
    for (let body = 1; body <= 10; body += 1) {
      expect(begun()).toBe(body)
      intake.leave()
    }
    expect(begun()).toBe(10)
  })

  it('begins one at once again after bursts that were over before it looked', async () => {
    const intake = new Intake()
    for (let burst = 0; burst < 5; burst += 1) {
      expect(tenAt(intake)()).toBe(1)
      for (let body = 0; body < 10; body += 1) intake.leave()
      await setTimeout(50)
    }
  })

  it('begins one more at a time while the program waits for the network', async () => {
    const begun = tenAt(new Intake())
    expect(begun()).toBe(1)
    // However long it takes: this machine may have other things to do.
    await expect.poll(begun, { timeout: 10_000 }).toBe(10)
  })

  it('begins no more while the program has no time for them', async () => {
    const begun = tenAt(new Intake())
    await beBusy(200)
    expect(begun()).toBe(1)
  })
})
