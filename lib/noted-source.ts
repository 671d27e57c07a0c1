import type { Source } from './scan.ts'

/** The same source, whose report says that of where it comes from, before all else. */
export function notedSource(source: Source, note: string): Source {
  return {
    target: source.target,
    scan: (asOf, onProgress) => {
      const scan = source.scan(asOf, onProgress)
      return {
        [Symbol.asyncIterator]: () => scan[Symbol.asyncIterator](),
        outcome: () => {
          const { report, ...rest } = scan.outcome()
          return { ...rest, report: { ...report, note: [note, report.note].filter(Boolean).join('; ') } }
        },
      }
    },
  }
}
