import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { closingLine } from './test/support/closing-line.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Much of a test is waiting for another process, so both cores are used where there are no more.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', closingLine],
  },
})
