const startedMs = performance.now()

/** Tells how far it is, on stderr: stdout is for the page. */
export function say(text: string): void {
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  process.stderr.write(`${clock.padStart(6)}  ${text}\n`)
}
