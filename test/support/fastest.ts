/** The least that a piece of work took in five runs, in ms: what it needs, whatever else the machine is doing. */
export async function fastestMs(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < 5; run += 1) {
    const startedMs = performance.now()
    await work()
    times.push(performance.now() - startedMs)
  }
  return Math.min(...times)
}
