import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with one plain line for people and programs: how many tests passed and failed. */
export const closingLine: Reporter = {
  onTestRunEnd: (modules, unhandledErrors) => {
    const count = (state: string) => modules.reduce((sum, module) => sum + countIn(module, state), 0)
    // A module that could not be loaded has no tests, but it has failed all the same.
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length
    const skipped = count('skipped')
    const suffix = skipped > 0 ? `, ${skipped} skipped` : ''
    process.stdout.write(`\n${count('passed')} passed, ${count('failed') + broken} failed${suffix}\n`)
  },
}

function countIn(module: TestModule, state: string): number {
  return [...module.children.allTests()].filter((test) => test.result().state === state).length
}
