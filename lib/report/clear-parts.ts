import type { Store } from '../store/store.ts'

/** Takes away what an audit left under `<audit_id>/parts/`. Never fails: what stays there nobody takes for a report. */
export async function clearParts(
  {
    store,
    log,
  }: {
    readonly store: Store
    readonly log: (level: 'warn', message: string, fields: { because: string }) => void
  },
  auditId: string,
): Promise<void> {
  const folder = `${auditId}/parts/`
  try {
    const names: string[] = []
    for await (const name of store.names(folder)) names.push(name)
    for (const name of names) await store.remove(`${folder}${name}`)
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    log('warn', 'unfinished work could not be cleared away', { because })
  }
}
